"""pgbench, the reference that everyone has: TPC-B-like, scale 50, 8 clients, prepared."""

import re
import subprocess
from urllib.parse import unquote, urlsplit

from mooring.operations.launch import cluster, embedded
from mooring.operations.launch.binaries import binary

SCALE = 50
CLIENTS = 8


class Pgbench:
    """pgbench's tables, beside the product's in the database under test."""

    def __init__(self, server: embedded.Server) -> None:
        self._server = server
        parts = urlsplit(server.url)
        # The socket folder is the host, percent-encoded.
        host = unquote(parts.netloc.rpartition("@")[2].rpartition(":")[0])
        self._database = parts.path.lstrip("/")
        self._options = ["-h", host, "-p", str(parts.port), "-U", parts.username or ""]
        self._environment = {"PGPASSWORD": unquote(parts.password or "")}

    def prepare(self) -> None:
        """Fill the tables at scale 50, once for all measures."""
        self._run("-i", "-q", "-s", str(SCALE))
        self.checkpoint()

    def checkpoint(self) -> None:
        """
        Bring the server into the state that every measure begins in.

        Otherwise no checkpoint falls into most of them: no page would be written to the log in
        full, which every server that runs for long does, every file of the log would have to
        be made first, and a measure would depend on those before it.
        """
        home = self._server.home
        subprocess.run(
            [
                *(binary("psql"), "-q", "-h", home.socket_folder, "-p", "5432"),
                *("-U", cluster.SUPERUSER, "-d", cluster.DATABASE, "-c", "CHECKPOINT"),
            ],
            env={"PGPASSWORD": home.secret("postgres-superuser")},
            check=True,
        )

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
