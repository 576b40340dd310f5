"""pgbench, the reference that everyone has: TPC-B-like, scale 50, 8 clients, prepared."""

import re
import subprocess
from urllib.parse import unquote, urlsplit

from mooring.operations.launch.binaries import binary

SCALE = 50
CLIENTS = 8


class Pgbench:
    """pgbench's tables, beside the product's in the database under test."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        # The socket folder is the host, percent-encoded.
        host = unquote(parts.netloc.rpartition("@")[2].rpartition(":")[0])
        self._database = parts.path.lstrip("/")
        self._options = ["-h", host, "-p", str(parts.port), "-U", parts.username or ""]
        self._environment = {"PGPASSWORD": unquote(parts.password or "")}

    def prepare(self) -> None:
        """Fill the tables at scale 50."""
        self._run("-i", "-q", "-s", str(SCALE))

    def rate(self, *, seconds: int) -> float:
        """Return transactions per second of one run."""
        output = self._run("-c", str(CLIENTS), "-j", "2", "-M", "prepared", "-T", str(seconds))
        found = re.search(r"tps = ([0-9.]+)", output)
        if found is None:
            message = f"pgbench did not tell its rate: {output}"
            raise RuntimeError(message)
        return float(found[1])

    def _run(self, *words: str) -> str:
        command = [str(binary("pgbench")), *words, *self._options, self._database]
        return subprocess.run(
            command, env=self._environment, check=True, capture_output=True, text=True
        ).stdout
