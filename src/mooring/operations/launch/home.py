"""Where one installation keeps its data, secrets, logs and sockets: the folder MOORING_HOME."""

import hashlib
import json
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from mooring.operations.launch.errors import CannotStart

# A Unix socket's path may be 107 bytes (103 on macOS); ".s.PGSQL.5432.lock" wants 18 of them.
_SOCKET_FOLDER_BYTES_MAX = 85

_DEFAULT = "var"


@dataclass(frozen=True, slots=True)
class Home:
    """The folder of one installation. Nothing outside it (but a socket) belongs to Mooring."""

    root: Path

    @property
    def postgres(self) -> Path:
        """Return the data folder of the embedded PostgreSQL."""
        return self.root / "postgres"

    @property
    def log(self) -> Path:
        """Return the folder with one log file per process kept alive."""
        return self.root / "log"

    @property
    def secrets(self) -> Path:
        """Return the folder of generated passwords, readable by the owner alone."""
        return self.root / "secrets"

    @property
    def lock(self) -> Path:
        """Return the file that a running platform holds locked; it says where it is reached."""
        return self.root / "supervisor.lock"

    def address(self) -> str:
        """Return how the running platform is reached, or the one that was killed; else empty."""
        try:
            told = json.loads(self.lock.read_text())
        except (OSError, ValueError):
            return ""
        address = told.get("address") if isinstance(told, dict) else None
        return address if isinstance(address, str) else ""

    @property
    def socket_folder(self) -> Path:
        """
        Return the folder of the database's socket: in the home, or hashed beside it when too long.

        The hashed one lies under the temporary folder, where others may write too; `prepare`
        refuses it when somebody else owns it.
        """
        inside = self.root / "run"
        # PostgreSQL takes a list of folders: a comma or a quote in the name would split it.
        plain = not set(str(inside)) & set(",\"'")
        if plain and len(os.fsencode(inside)) <= _SOCKET_FOLDER_BYTES_MAX:
            return inside
        digest = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:16]
        name = f"mooring-{os.geteuid()}-{digest}"
        temporary = Path(tempfile.gettempdir())
        if len(os.fsencode(temporary / name)) > _SOCKET_FOLDER_BYTES_MAX:
            temporary = Path("/tmp")  # noqa: S108  (owner and mode are checked in `prepare`)
        return temporary / name

    def prepare(self) -> None:
        """
        Create the folders, owned and entered by this user alone.

        Raises:
            CannotStart: the folder cannot be written, or somebody else owns the socket folder.
        """
        try:
            for folder in (self.root, self.log, self.secrets, self.socket_folder):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root):
                pass
        except OSError as error:
            raise CannotStart(
                f"The data folder {self.root} cannot be written ({error.strerror}): "
                "give this user the right to, or name another folder with MOORING_HOME."
            ) from error
        _refuse_foreign(self.socket_folder)

    def secret(self, name: str) -> str:
        """Return the secret of that name, generated at its first use and kept with mode 0600."""
        path = self.secrets / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text().strip()
        with os.fdopen(descriptor, "w") as file:
            value = secrets.token_urlsafe(24)
            file.write(value)
            file.flush()
            # A database whose password was lost in a power cut is a lost database.
            os.fsync(file.fileno())
        return value


def home_from_environment(home: Path | None = None) -> Home:
    """Return the given home, else the one of MOORING_HOME, else `./var`; always absolute."""
    chosen = home or Path(os.environ.get("MOORING_HOME") or _DEFAULT)
    return Home(chosen.expanduser().resolve())


def _refuse_foreign(folder: Path) -> None:
    found = folder.lstat()
    # As root, the folder may have been handed to the user that runs the database.
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() != 0:
        raise CannotStart(
            f"The folder {folder} is needed for the database's socket but belongs to somebody "
            "else: remove it, or name a shorter data folder with MOORING_HOME."
        )
