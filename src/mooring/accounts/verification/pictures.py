"""
Pictures that people send us: read as what they are, measured before they are decoded, written anew.

What is kept is never the file that was sent. Name and declared type are ignored; the content
says what it is. Decoding and encoding again leaves the pixels and nothing else: no position in
EXIF, no second file behind or inside the first.
"""

import io
from dataclasses import dataclass
from threading import Lock
from typing import Final

from PIL import Image, UnidentifiedImageError

from mooring.accounts.rules.verification import Flaw
from mooring.accounts.verification.errors import PictureNotTaken

#: An MPO is a JPEG with further views behind the first; many phones write it.
_MEDIA_TYPES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png"}
#: Pixels; on a smaller picture the words of a document cannot be read.
SIDE_MIN: Final = 300
#: Pixels; larger ones are made smaller, and every word of a document stays readable.
SIDE_KEPT_MAX: Final = 2_400
_JPEG_QUALITY: Final = 88
#: A JPEG of thousands of scans keeps a decoder busy for minutes; cameras write about ten.
_START_OF_SCAN: Final = b"\xff\xda"
_SCANS_MAX: Final = 100
_ORIENTATION: Final = 0x0112
_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
#: A decoded picture takes hundreds of megabytes at worst: one at a time in each process.
_DECODING: Final = Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is taken: megabytes of 10^6 bytes, and megapixels of 10^6 pixels."""

    megabytes_max: int
    megapixels_max: int

    @property
    def bytes_max(self) -> int:
        """How long a file may be."""
        return self.megabytes_max * 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as we wrote it; width and height in pixels."""

    media_type: str
    width: int
    height: int
    content: bytes


def read_picture(content: bytes, *, limits: Limits) -> Picture:
    """
    Return the picture in `content`, written anew.

    Raises:
        PictureNotTaken: it is none that we take; `flaw` says why.
    """
    if not content:
        raise PictureNotTaken(Flaw.MISSING)
    if len(content) > limits.bytes_max:
        raise PictureNotTaken(Flaw.TOO_LARGE)
    if content.count(_START_OF_SCAN) > _SCANS_MAX and content.startswith(b"\xff\xd8"):
        raise PictureNotTaken(Flaw.BROKEN)
    with _DECODING:
        return _read(content, limits)


def _read(content: bytes, limits: Limits) -> Picture:
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as opened:
            # Only the head has been read so far.
            _check(opened, limits)
            return _written_anew(opened)
    except PictureNotTaken:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureNotTaken(Flaw.TOO_MANY_PIXELS) from error
    except UnidentifiedImageError as error:
        raise PictureNotTaken(Flaw.OTHER_TYPE) from error
    except Exception as error:  # whatever a decoder stumbles over, the file is at fault
        raise PictureNotTaken(Flaw.BROKEN) from error


def _check(opened: Image.Image, limits: Limits) -> None:
    if opened.width * opened.height > limits.megapixels_max * 1_000_000:
        raise PictureNotTaken(Flaw.TOO_MANY_PIXELS)
    if min(opened.size) < SIDE_MIN:
        raise PictureNotTaken(Flaw.TOO_SMALL)
    if opened.format == "PNG" and getattr(opened, "is_animated", False):
        raise PictureNotTaken(Flaw.ANIMATED)


def _written_anew(opened: Image.Image) -> Picture:
    media_type = _MEDIA_TYPES[str(opened.format)]
    turn = _TURNS.get(opened.getexif().get(_ORIENTATION, 1))
    # A JPEG is decoded no larger than needed.
    opened.draft("RGB", (SIDE_KEPT_MAX, SIDE_KEPT_MAX))
    pixels = _plain(opened)
    pixels.thumbnail((SIDE_KEPT_MAX, SIDE_KEPT_MAX), Image.Resampling.LANCZOS)
    if turn is not None:
        pixels = pixels.transpose(turn)
    # A new picture of the pixels alone: nothing that was attached to the old one comes along.
    bare = Image.frombytes("RGB", pixels.size, pixels.tobytes())
    written = io.BytesIO()
    if media_type == "image/png":
        bare.save(written, format="PNG")
    else:
        bare.save(written, format="JPEG", quality=_JPEG_QUALITY)
    return Picture(
        media_type=media_type, width=bare.width, height=bare.height, content=written.getvalue()
    )


def _plain(opened: Image.Image) -> Image.Image:
    """Return the pixels as RGB; what was transparent is white."""
    if opened.mode.startswith("I"):
        # Sixteen bits of grey: the upper eight are what can be seen.
        return opened.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if not opened.has_transparency_data:
        return opened.convert("RGB")
    layered = opened.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground
