"""The settings of the embedded PostgreSQL: durable first, then sized to the machine."""

import os
from collections.abc import Mapping
from pathlib import Path

_MEBIBYTE = 1024 * 1024
_SHARED_BUFFERS_MIN = 128 * _MEBIBYTE
_SHARED_BUFFERS_MAX = 2048 * _MEBIBYTE
_MEMORY_LIMIT_FILES = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)

# For throw-away servers of tests alone: an acknowledged commit may be lost in a power cut.
# No autovacuum: what a test rolled back would teach the planner that tables are large and empty.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


def server_settings(*, socket_folder: Path) -> dict[str, str]:
    """Return the settings for a server that only this machine can reach, through its socket."""
    return {
        # An acknowledged commit is on the disk. Nothing below may weaken these three.
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "listen_addresses": "",
        "port": "5432",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "shared_buffers": f"{shared_buffers() // _MEBIBYTE}MB",
        "max_connections": "120",
        "max_wal_size": "4GB",
        # Files of the log are used again up to this size. Making a new one takes 25 to 60 ms,
        # in the middle of somebody's commit.
        "min_wal_size": "1GB",
        "wal_compression": "on",
        "checkpoint_timeout": "15min",
        # Set-based statements are planned often and run briefly: compiling them never pays.
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_checkpoints": "off",
        "log_line_prefix": "%m [%p] ",
        # The database must answer within seconds after a crash, so it restarts by itself.
        "restart_after_crash": "on",
    }


def shared_buffers(memory: int | None = None) -> int:
    """Return a quarter of the memory in bytes, at least 128 MiB and at most 2 GiB."""
    quarter = (memory or memory_bytes()) // 4
    return max(_SHARED_BUFFERS_MIN, min(_SHARED_BUFFERS_MAX, quarter))


def memory_bytes() -> int:
    """Return the memory this process may use: the machine's, or the container's if that is less."""
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min([machine, *_container_limits()])


def _container_limits() -> list[int]:
    limits = []
    for name in _MEMORY_LIMIT_FILES:
        try:
            limits.append(int(Path(name).read_text()))
        except (OSError, ValueError):  # no such controller, or "max"
            continue
    return limits


def as_options(settings: Mapping[str, str]) -> list[str]:
    """Return the settings as options of the `postgres` program."""
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
