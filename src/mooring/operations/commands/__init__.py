"""The verbs of the command line, one file each; every file has a `command`."""
