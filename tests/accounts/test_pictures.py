"""Only pictures come in, measured before they are decoded, and only their pixels are kept."""

import io
import random
import zipfile

import pytest
from PIL import Image

from mooring.accounts.rules.verification import Flaw
from mooring.accounts.verification.errors import PictureNotTaken
from mooring.accounts.verification.pictures import SIDE_KEPT_MAX, Limits, read_picture
from tests.accounts.drawn import picture, png_head, written

LIMITS = Limits(megabytes_max=8, megapixels_max=40)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
_AREA = b"\xff\xda"


def opened(content):
    return Image.open(io.BytesIO(read_picture(content, limits=LIMITS).content))


def gif(frames=1):
    images = [Image.new("P", (400, 400), colour) for colour in range(frames)]
    return written(images[0], "GIF", save_all=True, append_images=images[1:])


def deep():
    """Sixteen bits of grey a pixel."""
    grey = Image.linear_gradient("L").resize((640, 480)).convert("I")
    return written(grey.point(lambda value: value * 257).convert("I;16"), "PNG")


def moving_png():
    images = [Image.new("RGB", (400, 400), colour) for colour in ("red", "blue")]
    return written(images[0], "PNG", save_all=True, append_images=images[1:])


def packed():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("payload.html", HTML.decode())
    return out.getvalue()


def labelled(cases):
    return [pytest.param(*case, id=case[0]) for case in cases]


@pytest.mark.parametrize(
    ("case", "content", "flaw"),
    labelled(
        [
            ("zero bytes", b"", Flaw.MISSING),
            ("wrong magic", b"MZ" + picture()[2:], Flaw.OTHER_TYPE),
            ("SVG", SVG, Flaw.OTHER_TYPE),
            ("HTML", HTML, Flaw.OTHER_TYPE),
            ("HTML before a picture", HTML + picture(), Flaw.OTHER_TYPE),
            ("GIF", gif(), Flaw.OTHER_TYPE),
            ("moving GIF", gif(3), Flaw.OTHER_TYPE),
            ("WebP", picture(kind="WEBP"), Flaw.OTHER_TYPE),
            ("TIFF", picture(kind="TIFF"), Flaw.OTHER_TYPE),
            ("BMP", picture(kind="BMP"), Flaw.OTHER_TYPE),
            ("PDF", b"%PDF-1.7\n" + b"0" * 5000, Flaw.OTHER_TYPE),
            (
                "PostScript",
                b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 400 400\n",
                Flaw.OTHER_TYPE,
            ),
            ("zip", packed(), Flaw.OTHER_TYPE),
            ("1 x 50,000", png_head(1, 50_000), Flaw.TOO_SMALL),
            ("50,000 x 1", png_head(50_000, 1), Flaw.TOO_SMALL),
            ("a side of 299", picture((299, 600)), Flaw.TOO_SMALL),
            ("41 megapixels", png_head(8_200, 5_000), Flaw.TOO_MANY_PIXELS),
            ("a warning of a bomb", png_head(10_000, 10_000), Flaw.TOO_MANY_PIXELS),
            ("a bomb", png_head(50_000, 50_000), Flaw.TOO_MANY_PIXELS),
            ("the largest there can be", png_head(2**31 - 1, 2**31 - 1), Flaw.TOO_MANY_PIXELS),
            ("no pixels", png_head(0, 0), Flaw.OTHER_TYPE),
            ("cut JPEG", picture()[:-2000], Flaw.BROKEN),
            ("cut PNG", picture(kind="PNG")[:-200], Flaw.BROKEN),
            ("only a head", picture()[:20], Flaw.OTHER_TYPE),
            ("fewer pixels than it says", png_head(400, 400), Flaw.BROKEN),
            ("moving PNG", moving_png(), Flaw.ANIMATED),
            ("10 MB", picture() + b"\x00" * 10_000_000, Flaw.TOO_LARGE),
            ("thousands of scans", picture() + _AREA * 5_000, Flaw.BROKEN),
        ]
    ),
)
def test_what_is_not_taken_says_why(case, content, flaw):
    with pytest.raises(PictureNotTaken) as refused:
        read_picture(content, limits=LIMITS)
    assert refused.value.flaw is flaw, case


def test_nothing_is_decoded_before_it_is_measured(monkeypatch):
    def decode(*_arguments, **_more):
        raise AssertionError("decoded")

    monkeypatch.setattr(Image.core, "fill", decode)
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", decode)
    with pytest.raises(PictureNotTaken) as refused:
        read_picture(png_head(8_200, 5_000), limits=LIMITS)
    assert refused.value.flaw is Flaw.TOO_MANY_PIXELS


@pytest.mark.parametrize(
    ("case", "content", "media_type"),
    labelled(
        [
            ("JPEG", picture(), "image/jpeg"),
            ("progressive JPEG", picture(progressive=True), "image/jpeg"),
            ("grey JPEG", picture(mode="L"), "image/jpeg"),
            ("CMYK JPEG", picture(mode="CMYK"), "image/jpeg"),
            ("PNG", picture(kind="PNG"), "image/png"),
            ("PNG with a palette", picture(kind="PNG", mode="P"), "image/png"),
            ("PNG of one bit", picture(kind="PNG", mode="1"), "image/png"),
            ("transparent PNG", picture(kind="PNG", mode="RGBA"), "image/png"),
            ("transparent grey PNG", picture(kind="PNG", mode="LA"), "image/png"),
            ("grey PNG of sixteen bits", deep(), "image/png"),
            ("exactly the least", picture((300, 300)), "image/jpeg"),
        ]
    ),
)
def test_what_is_taken_is_said_by_its_content(case, content, media_type):
    found = read_picture(content, limits=LIMITS)
    again = Image.open(io.BytesIO(found.content))
    again.load()
    assert (found.media_type, again.mode) == (media_type, "RGB"), case
    assert again.size == (found.width, found.height), case
    assert len(again.convert("L").getcolors(256)) > 1, case


def test_a_picture_of_a_telephone_with_views_behind_the_first_is_a_jpeg():
    views = [Image.new("RGB", (400, 300), colour) for colour in ("red", "blue")]
    found = opened(written(views[0], "MPO", save_all=True, append_images=views[1:]))
    assert (found.format, getattr(found, "n_frames", 1)) == ("JPEG", 1)
    red, _green, blue = found.getpixel((10, 10))
    assert red > blue


def test_where_it_was_taken_is_not_kept():
    exif = Image.Exif()
    exif[0x010F] = "Canary Phones"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    sent = picture(exif=exif, comment=b"canary comment", icc_profile=b"canary profile")
    assert b"Canary" in sent
    found = read_picture(sent, limits=LIMITS)
    assert b"anary" not in found.content
    assert b"Exif" not in found.content
    assert not opened(sent).getexif()


def test_words_inside_a_png_are_not_kept():
    from PIL.PngImagePlugin import PngInfo

    words = PngInfo()
    words.add_text("Comment", "<script>canary</script>")
    sent = picture(kind="PNG", pnginfo=words)
    assert b"canary" in sent
    assert b"canary" not in read_picture(sent, limits=LIMITS).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("tail", [packed(), HTML, SVG, b"<?php"], ids=len)
def test_a_second_file_behind_the_picture_is_cut_off(kind, tail):
    found = read_picture(picture(kind=kind) + tail, limits=LIMITS)
    assert tail not in found.content
    assert not zipfile.is_zipfile(io.BytesIO(found.content))


def test_it_is_turned_as_the_telephone_was_held():
    exif = Image.Exif()
    exif[0x0112] = 6
    found = opened(picture((640, 480), exif=exif))
    assert found.size == (480, 640)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_large_picture_is_made_smaller_in_its_proportions(kind):
    found = opened(picture((5_000, 2_500), kind=kind))
    assert found.size == (SIDE_KEPT_MAX, SIDE_KEPT_MAX // 2)


def test_what_is_transparent_is_white():
    clear = Image.new("RGBA", (400, 400), (0, 0, 0, 0))
    assert opened(written(clear, "PNG")).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "MPO"])
def test_whatever_is_wrong_with_a_file_it_is_the_files_fault(kind):
    """1,000 damaged files: taken, or declined with a flaw; nothing else happens."""
    dice = random.Random(kind)
    exif = Image.Exif()
    exif[0x0112] = 6
    whole = picture((320, 310), kind=kind, exif=exif)
    verdicts = set()
    for _ in range(333):
        damaged = bytearray(whole)
        for _ in range(dice.choice((1, 2, 8, 60))):
            damaged[dice.randrange(min(len(damaged), 4_000))] = dice.randrange(256)
        try:
            verdicts.add(read_picture(bytes(damaged), limits=LIMITS).media_type)
        except PictureNotTaken as refusal:
            verdicts.add(refusal.flaw)
    assert len(verdicts) > 1
