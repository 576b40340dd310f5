"""Why the platform would not start, found out before anything is changed."""

import os
import shutil
import socket
from pathlib import Path

import maxminddb

from mooring.operations.launch.errors import CannotStart

_MEBIBYTE = 1024 * 1024

# A new database is 40 MiB; beyond it, room to write the log of a first day.
FREE_BYTES_MIN = 256 * _MEBIBYTE

_PORT_MAX = 65_535


def check_disk(folder: Path, *, free_bytes: int | None = None) -> None:
    """
    Refuse to start on a disk that is nearly full, where the database would stop half-way.

    Args:
        free_bytes: what is free there; measured unless given.

    Raises:
        CannotStart: less than `FREE_BYTES_MIN` is free.
    """
    free = shutil.disk_usage(folder).free if free_bytes is None else free_bytes
    if free < FREE_BYTES_MIN:
        raise CannotStart(
            f"The disk of {folder} is full ({free // _MEBIBYTE} MiB free, "
            f"{FREE_BYTES_MIN // _MEBIBYTE} MiB needed): make room there, "
            "or move the data by MOORING_HOME."
        )


def port_from_text(text: str) -> int:
    """
    Return the port that PORT names.

    Raises:
        CannotStart: it is not a number from 1 to 65535.
    """
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= _PORT_MAX):
        raise CannotStart(f"PORT is {text!r}, but a port is a number from 1 to {_PORT_MAX}.")
    return int(text)


def check_port(port: int, *, host: str = "127.0.0.1") -> None:
    """
    Refuse a port that another program uses, or that this user may not use.

    Raises:
        CannotStart: the web server could not listen there.
    """
    with socket.socket() as trial:
        # As the web server does: connections that wait for their end do not count as use.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except PermissionError as error:
            raise CannotStart(
                f"This user may not use port {port}: choose one from 1024 on, "
                "for instance `PORT=8001 make run`."
            ) from error
        except OSError as error:
            raise CannotStart(
                f"Port {port} is used by another program: stop that, or choose another, "
                f"for instance `PORT={port % _PORT_MAX + 1} make run`."
            ) from error


def find_doubts() -> tuple[str, ...]:
    """Return what an operator has asked for and does not get, though the platform starts."""
    path = os.environ.get("MOORING_GEOIP_FILE", "")
    if not path:
        return ()
    try:
        maxminddb.open_database(path, maxminddb.MODE_MEMORY).close()
    except (OSError, ValueError, maxminddb.InvalidDatabaseError):
        sentence = (
            f"MOORING_GEOIP_FILE names {path}, which is no readable file in MaxMind's format: "
            "devices are listed with their network instead of their place."
        )
        return (sentence,)
    return ()
