"""
Bad input by kind: what people never type and attackers do. Source: reliability programme §4.3.

Every value is text as a form would send it; files are name and bytes.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

NUL, NBSP, ZERO_WIDTH, RIGHT_TO_LEFT = "\0", "\u00a0", "\u200b", "\u202e"
CONFUSABLE = {
    "a dotless i": "al\u0131ce@example.com",
    "a Kelvin sign": "al\u212aice@example.com",
    "a ligature": "of\ufb01ce@example.com",
    "a full-width at": "alice\uff20example.com",
    "a small at": "alice\ufe6bexample.com",
    "a Cyrillic a": "\u0430lice@example.com",
    "a Greek domain": "alice@ex\u03b1mple.com",
    "a sharp s": "alice@stra\u00dfe.example",
    "composed": "zo\u00eb@example.com",
    "decomposed": "zoe\u0308@example.com",
    "an emoji domain": "alice@\U0001f4b0.example",
}


def texts() -> list[str]:
    """Return what is bad, odd or hostile in any field of text."""
    return [
        *("", " ", "\t", "\n", "\r\n", NUL, f"a{NUL}b", f"{NUL}{NUL}", NBSP, ZERO_WIDTH),
        *(RIGHT_TO_LEFT + "moc.elpmaxe", "\ufeffalice", "\ud7ff", "\ue000", "\uffff", "\U0010ffff"),
        *("e" + "\u0301" * 10_000, "\u0301", "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 50),
        *("a" * 255, "a" * 1_000, "a" * 65_536, "１" * 300, "\u00e9" * 128),
        *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>"),
        *("\"'><b>", "</title><b>", "javascript:alert(1)", "{{7*7}}", "{% debug %}", "${7*7}"),
        *("%s%s%n", "%(password)s", "{0.__class__}", "{user.password}", "<%= 7 %>"),
        *("' OR '1'='1", "'; DROP TABLE accounts_user; --", "1) OR 1=1 --", "\\", "\\'", "$$;"),
        *("=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1"),
        *("../../etc/passwd", "..\\..\\x", "file:///etc/passwd", "/dev/null", "C:\\x", "%2e%2e%2f"),
        *("a\r\nBcc: x@evil.example", "a\nSet-Cookie: x=y", "a%0d%0aX: y", "a\u2028b", "a\u2029b"),
        *("null", "None", "undefined", "true", "[]", "{}", '{"a":1}', "NaN", "Infinity", "-0"),
        *("__proto__", "constructor", "$ne", "http://169.254.169.254/", "http://localhost:5432/"),
        *("*", ")(uid=*)", "(|(a=*))", "//x", "|id", "`id`", "$(id)", ";id", "&&id"),
    ]


def addresses() -> list[str]:
    """Return what is no e-mail address of ours, or looks like one."""
    return [
        *CONFUSABLE.values(),
        *("alice", "@", "alice@", "@example.com", "a@b@c", "alice@example", "alice@.example.com"),
        *("alice@example..com", "alice.@example.com", ".alice@example.com", "alice@-x.com"),
        *("alice@example.com.", "alice @example.com", "alice@ example.com", "ali\tce@example.com"),
        *("alice@example.com\r\nBcc: x@evil.example", "alice@example.com%0aBcc:x@evil.example"),
        *("alice@example.com,bob@example.com", "alice@example.com;bob@example.com"),
        *('"alice"@example.com', '"a b"@example.com', "<alice@example.com>", "A <a@example.com>"),
        *("alice@[127.0.0.1]", "alice@127.0.0.1", "alice@localhost", "mailto:alice@example.com"),
        *("a" * 65 + "@example.com", "a@" + "b" * 250 + ".com", "a@" + ".".join(["b"] * 200)),
        *(f"alice@example.com{NUL}", f"alice{NUL}@example.com", f"alice@exa{ZERO_WIDTH}mple.com"),
        *(
            "alice@xn--.com",
            "alice@xn--80ak6aa92e.com",
            "alice+tag@example.com",
            "ALICE@EXAMPLE.COM",
        ),
    ]


def numbers() -> list[str]:
    """Return what is no mobile number, no id and no code."""
    return [
        *("+", "+0", "+1", "00", "0049151", "+49", "+4915", "+49 151 1234567890123456789"),
        *("+1-900-000-0000", "+999123456789", "112", "+15551234567;ext=1", "tel:+4915112345678"),
        *("＋4915112345678", "+４９１５１１２３４５６７８", "+49(0)15112345678", "+49151abc45678"),
        *("0", "-1", "1e6", "0x1F", "1_000", "١٢٣٤٥٦", "１２３４５６", "12345", "1234567"),
        *("000000", "999999", "12 34 56", "123-456", "123456\n", "1" * 5_000, "12345a", "+12345"),
        *(str(2**31), str(2**63), str(2**64), "9" * 400, "1.5", "1,000", "½", "²", "Ⅷ", "六"),
        *("00000000-0000-0000-0000-000000000000", "{00000000-0000-4000-8000-000000000000}"),
        *("2026-02-30", "0000-00-00", "9999-12-31", "2026-13-01", "-2026-01-01", "10000-01-01"),
    ]


def values() -> list[str]:
    """Return every value once."""
    return list(dict.fromkeys([*texts(), *addresses(), *numbers()]))


def files() -> Iterator[tuple[str, str, bytes]]:
    """Yield a case, a file's name and its bytes: nothing that is a picture of a document."""
    yield "empty", "a.jpg", b""
    yield "text", "a.jpg", b"hello"
    yield "html", "a.html", b"<html><script>alert(1)</script>"
    yield "svg", "a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'
    yield "svg that says it is png", "a.png", b"<?xml version='1.0'?><svg onload='x()'/>"
    yield "pdf", "a.pdf", b"%PDF-1.7\n%%EOF"
    yield "program", "a.jpg", b"\x7fELF" + b"\0" * 100
    yield "gif", "a.gif", b"GIF89a\x01\x00\x01\x00\x00\x00\x00;"
    yield "magic alone", "a.jpg", b"\xff\xd8\xff\xe0"
    yield "magic and rubbish", "a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 2_000
    yield "png head alone", "a.png", b"\x89PNG\r\n\x1a\n"
    yield "png of a pixel by fifty thousand", "a.png", png(1, 50_000)
    yield "png that says it is huge", "a.png", png(60_000, 60_000)
    yield "png that says it is nothing", "a.png", png(0, 0)
    yield "archive", "a.zip", archive()
    yield "archive that says it is jpeg", "a.jpg", archive()
    yield "picture with an archive behind it", "a.png", png(1, 1) + archive()
    yield "a path for a name", "../../../etc/passwd", b"root"
    yield "a name with line breaks", 'a"\r\nX-Evil: 1.jpg', b"x"
    yield "a name of nothing", "\u202egpj.exe", b"MZ" + b"\0" * 64


def png(width: int, height: int) -> bytes:
    """Return a PNG that claims a size, with next to no pixels in it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0" * min(height * (width + 1), 100_000))
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def archive() -> bytes:
    """Return a small archive that unpacks to much."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("../a.txt", "0" * 1_000_000)
    return kept.getvalue()
