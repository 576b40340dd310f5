"""Pictures for tests, good and bad, drawn in memory."""

import io
import struct
import zlib

from PIL import Image


def picture(size=(640, 480), *, kind="JPEG", mode="RGB", **saved):
    """Return the bytes of a picture with something to see in it."""
    drawn = Image.linear_gradient("L").resize(size).convert(mode)
    return written(drawn, kind, **saved)


def written(image, kind, **saved):
    out = io.BytesIO()
    image.save(out, format=kind, **saved)
    return out.getvalue()


def png_head(width, height):
    """Return a PNG that says how large it is and has next to nothing inside."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 100)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
