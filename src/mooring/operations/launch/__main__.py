"""`python -m mooring.operations.launch`: what `mooring run` does."""

import sys

from mooring.operations.launch.supervisor import run

if __name__ == "__main__":
    sys.exit(run())
