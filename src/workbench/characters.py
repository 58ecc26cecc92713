"""Bytes to characters: which encoding they are in, and text without garbled and control characters."""

import codecs
import re
from contextlib import suppress

SAMPLE = 65_536  # bytes that an encoding is guessed from


class FormatError(ValueError):
    """Bytes that hold no document; the message says why and what to do, not in which file."""


def decoded(raw: bytes) -> tuple[str, str]:
    """The text in `raw` and its encoding: by its mark, by its pattern of zeros, as UTF-8, or by its letters."""
    for mark, encoding in _MARKS.items():
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), encoding
    start = raw[:4096]
    kind = next((kind for signature, kind in _SIGNATURES.items() if raw.startswith(signature)), "")
    zeros = [start[parity::2].count(0) / max(len(start) // 2, 1) for parity in (0, 1)]
    if not kind and max(zeros) > 0.4 and min(zeros) < 0.1:
        encoding = "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
        return raw.decode(encoding, "replace"), encoding
    if kind or sum(map(start.count, _CONTROL)) > 2 + 0.02 * len(start):
        raise FormatError(
            f"by its content {kind or 'a binary file'}, not text; convert it, or correct the file's ending"
        )
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _decoded_by_letters(raw)


_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_SIGNATURES = {
    b"%PDF": "a PDF",
    b"PK\3\4": "a zip or an Office document",
    b"{\\rtf": "an RTF document",
    b"\xd0\xcf\x11\xe0": "an old Word or Excel file",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"\x1f\x8b": "compressed with gzip",
}
_CONTROL = [bytes([code]) for code in range(32) if code not in b"\t\n\v\f\r\x1a\x1b"]


def _stray(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error("workbench.stray", _stray)


def _decoded_by_letters(raw: bytes) -> tuple[str, str]:
    """UTF-8 with stray bytes of Windows-1252 if most are not stray; else as the page declares, else the likeliest."""
    text = raw.decode("utf-8", "workbench.stray")
    strays = raw.decode("utf-8", "replace").count("\ufffd")
    if sum(character > "\x7f" for character in text) > 2 * strays:
        return text, "utf-8 with windows-1252"
    if declared := re.search(rb"charset=[\"']?((?:windows|iso|koi8|gb|big5|shift|euc)[\w-]*)", raw[:2048]):
        with suppress(LookupError, UnicodeError):
            return raw.decode(declared[1].decode()), declared[1].decode()
    encoding = "cp1252"
    if len(raw.translate(None, bytes(range(128)))) > 0.1 * len(raw):  # too many for a Western European text
        from charset_normalizer import from_bytes

        best = from_bytes(raw[:SAMPLE]).best()
        encoding = best.encoding if best else encoding
    return raw.decode(encoding, "replace"), encoding


def normalised(text: str) -> tuple[str, str]:
    """`text` with plain line ends and spaces, without control characters; and what of it was repaired, if any was."""
    text = re.sub("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)
    text = re.sub("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)
    text = re.sub("[\0-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]", "", text)
    if not re.search("[ÃÂâÅÐðÎÏ×Ø][\x80-\u2122]", text):
        return text, ""
    from ftfy import fix_encoding
    from ftfy.badness import is_bad

    lines = text.split("\n")
    fixed = [fix_encoding(line) if is_bad(line) else line for line in lines]
    changed = sum(a != b for a, b in zip(lines, fixed, strict=True))
    return "\n".join(fixed), f"garbled characters in {changed} lines" if changed else ""
