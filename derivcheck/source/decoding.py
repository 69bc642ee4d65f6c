"""Bytes to text: encodings, and one helpful finding for a file that is not a text."""

from __future__ import annotations

import codecs
from pathlib import PurePath

from derivcheck.findings import Finding

LARGEST = 4_000_000
FORMATS = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".mkd": "markdown",
    ".rmd": "markdown",
    ".qmd": "markdown",
    ".tex": "tex",
    ".latex": "tex",
    ".ltx": "tex",
    ".txt": "text",
    ".text": "text",
    "": "text",
    ".ipynb": "notebook",
}
_CONTAINERS = (
    (b"%PDF-", "a PDF", "convert it to text with an OCR tool that writes LaTeX, or hand in the .tex or .md source"),
    (b"PK\x03\x04", "a zip archive or an office document", "unpack it, or export it as Markdown or LaTeX"),
    (b"\xd0\xcf\x11\xe0", "an office document", "export it as Markdown or LaTeX"),
    (b"{\\rtf", "a rich text document", "export it as Markdown or plain text"),
    (b"\x89PNG", "an image", "convert it to text with an OCR tool that writes LaTeX"),
    (b"\xff\xd8\xff", "an image", "convert it to text with an OCR tool that writes LaTeX"),
    (b"GIF8", "an image", "convert it to text with an OCR tool that writes LaTeX"),
    (b"%!PS", "a PostScript file", "hand in the .tex or .md source"),
    (b"\x1f\x8b", "a compressed file", "unpack it first"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_READABLE = "derivcheck reads .md, .tex, .txt and .ipynb"


def problem(code: str, message: str, name: str, help_: str = "", severity: str = "error") -> Finding:
    """A finding about a whole file."""
    return Finding(code, severity, message, help=help_, file=name)


def format_of(name: str) -> str | None:
    """The format a file's name promises; None for one that is not read."""
    return FORMATS.get(PurePath(name).suffix.lower())


def decode(data: bytes, name: str) -> tuple[str, Finding | None]:
    """The text of a file with line ends made `\\n`, or why there is none."""
    if not data.strip():
        return "", problem("empty-file", "the file is empty", name)
    if len(data) > LARGEST:
        size = f"{len(data) / 1e6:.1f} MB"
        return "", problem("too-large", f"the file has {size}, more than {LARGEST // 1_000_000} MB", name, "split it")
    for magic, what, advice in _CONTAINERS:
        if data.startswith(magic):
            return "", problem("not-text", f"this is {what}, not a text", name, advice)
    text = _text(data)
    if text is None:
        return "", problem("not-text", "this is a binary file, not a text", name, _READABLE)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    if not text.strip():
        return "", problem("empty-file", "the file is empty", name)
    return text, None


def _text(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    zeros = data.count(b"\x00")
    if zeros:
        return _utf16(data, zeros)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        # Windows-1252 has a meaning for nearly every byte, so control characters must tell a text from noise.
        control = sum(1 for byte in data[:4096] if byte < 32 and byte not in b"\t\n\r\f")
        return None if control > len(data[:4096]) // 100 else data.decode("cp1252", errors="replace")


def _utf16(data: bytes, zeros: int) -> str | None:
    """UTF-16 without a mark: nearly every second byte of an English text is zero."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if max(even, odd) < 0.6 * (len(data) / 2) or min(even, odd) > 0.1 * zeros:
        return None
    return data.decode("utf-16-be" if even > odd else "utf-16-le", errors="replace")
