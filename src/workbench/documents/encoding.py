"""Bytes to characters: which encoding they are in, and text without garbled and control characters."""

import codecs
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from typing import BinaryIO

MEGABYTE = 1_000_000
LARGEST_FILE = 50 * MEGABYTE  # bytes of a document's file, or of what is unpacked from one
LARGEST_TEXT = 10 * MEGABYTE  # bytes of a file that is itself text, or of the XML in a document
SAMPLE = 65_536  # bytes that an encoding is guessed from


class FormatError(ValueError):
    """Bytes that hold no document; the message says why and what to do, not in which file."""


Beginnings = Mapping[str, tuple[bytes, ...]]
_MARKS: Beginnings = {
    "utf-8-sig": (codecs.BOM_UTF8,),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
}
_SIGNATURES: Beginnings = {
    "a PDF": (b"%PDF",),
    "a zip or an Office document": (b"PK\3\4",),
    "an RTF document": (b"{\\rtf",),
    "an old Word or Excel file": (b"\xd0\xcf\x11\xe0",),
    "an image": (b"\x89PNG", b"\xff\xd8\xff"),
    "compressed with gzip": (b"\x1f\x8b",),
}
_MARKS_IN_A_ROW = re.compile(r"[^\w\s\0-\x7f]{30}")  # of which Unicode's Stream-Safe Text Format has no more
_CONTROL = bytes(set(range(32)).difference(b"\t\n\v\f\r\x1a\x1b"))
_LATIN_1 = frozenset({"iso-8859-1", "iso8859-1", "iso_8859-1", "latin-1", "latin1"})
_MIXED = "utf-8 with windows-1252"


def decoded(raw: bytes) -> tuple[str, str]:
    """The text in `raw` and its encoding: by its mark, by its pattern of zeros, as UTF-8, or by its letters."""
    encoding = _encoding(raw)
    return raw.decode(encoding.split()[0], "workbench.stray" if encoding == _MIXED else "replace"), encoding


def _encoding(raw: bytes) -> str:
    if marked := _beginning(raw, _MARKS):
        return marked
    kind, start = _beginning(raw, _SIGNATURES), raw[:4096]
    zeros = [start[parity::2].count(0) / max(len(start) // 2, 1) for parity in (0, 1)]
    if not kind and max(zeros) > 0.4 and min(zeros) < 0.1:
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    if kind or len(start) - len(start.translate(None, _CONTROL)) > 2 + 0.02 * len(start):
        kind = kind or "a binary file"
        raise FormatError(f"by its content {kind}, not text; convert it, or correct the file's ending")
    valid = raw.decode("utf-8", "ignore")
    strays = len(raw) - len(valid.encode())
    if not strays:
        return "utf-8"
    return _MIXED if sum(character > "\x7f" for character in valid) > strays else _by_letters(raw)


def _beginning(raw: bytes, starts: Beginnings) -> str:
    return next((name for name, start in starts.items() if raw.startswith(start)), "")


def _by_letters(raw: bytes) -> str:
    """The encoding that the page declares; else Windows-1252, or of letters that are hardly Western, the likeliest."""
    if declared := re.search(rb"charset=[\"']?((?:windows|iso|latin|koi8|gb|big5|shift|euc)[\w-]*)", raw[:2048], re.I):
        if (encoding := declared[1].decode().lower()) in _LATIN_1:
            return "cp1252"  # as the WHATWG's Encoding Standard has it
        with suppress(LookupError, UnicodeError):
            raw.decode(encoding)
            return encoding
    if len(raw.translate(None, bytes(range(128)))) > 0.1 * len(raw):  # too many for a Western European text
        from charset_normalizer import from_bytes  # start-up time

        if best := from_bytes(raw[:SAMPLE]).best():
            return best.encoding
    return "cp1252"


def _stray(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1


codecs.register_error("workbench.stray", _stray)


def normalised(text: str) -> tuple[str, str]:
    """`text` with plain line ends and spaces, without control characters, in Unicode's NFC; and what was repaired.

    Garbled characters are repaired first: to Windows-1252 a closing quotation mark's last byte is a control character.
    """
    repaired = []
    plain = text.replace("\n", "").isprintable()  # most texts are, and there is little to repair in them
    if not plain:
        text = re.sub("\r\n?|[\v\f\x1c-\x1e\u2028\u2029]", "\n", text)
    if text.isascii():
        return text if plain else re.sub("[\0-\x08\x0e-\x1f\x7f]", "", text), ""
    if re.search("[ÃÂâÅÐðÎÏ×Ø][\x80-\u2122]", text):
        from ftfy import fix_encoding  # start-up time
        from ftfy.badness import is_bad

        lines = text.split("\n")
        fixed = [fix_encoding(line) if is_bad(line) else line for line in lines]
        changed = sum(a != b for a, b in zip(lines, fixed, strict=True))
        text = "\n".join(fixed)
        repaired += [f"garbled characters (lines: {changed})"] if changed else []
        plain = plain and not changed
    if not plain:
        text, marks = re.subn("[\x80-\x9f]", lambda mark: mark[0].encode("latin-1").decode("cp1252", "ignore"), text)
        repaired += [f"characters of Windows-1252 ({marks})"] if marks else []
        text = re.sub("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]", " ", text)
        text = re.sub("[\0-\x08\x0e-\x1f\x7f\xad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]", "", text)
    parted = _MARKS_IN_A_ROW.sub(_parted, text)  # putting accents in their order takes the square of how many there are
    if len(parted) > len(text):
        text = parted
        repaired.append("more than 30 accents on a letter parted by U+034F")
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        repaired.append("letters and their accents composed (NFC)")
    return text, "; ".join(repaired)


def _parted(marks: re.Match[str]) -> str:
    return marks[0] + "\u034f" * all(map(unicodedata.combining, marks[0]))


def printable(name: object) -> str:
    """`name` in a line, without what a terminal would obey."""
    line = str(name)
    if not line.isprintable():
        line = "".join(character if character.isprintable() else " " for character in line)
    return " ".join(line.split())


_NO_ZIP = "damaged, cut short, or not a zip archive; make or download it anew"


def opened_zip(file: BinaryIO, otherwise: str = _NO_ZIP) -> zipfile.ZipFile:
    """The zip archive in `file`. Raises FormatError, which says `otherwise`, where it is none or damaged."""
    try:
        return zipfile.ZipFile(file)
    except Exception:  # zipfile raises half a dozen kinds of errors on bytes that are no archive
        raise FormatError(otherwise) from None


def member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, largest: int = LARGEST_FILE) -> bytes:
    """The unpacked bytes of a member, never more than `largest`. Raises FormatError."""
    if entry.flag_bits & 1:
        raise FormatError("protected by a password; unpack it first")
    if entry.file_size > largest:
        raise FormatError(f"unpacks to more than {largest // MEGABYTE} MB; split it")
    try:
        return archive.read(entry)
    except Exception:  # as many from the decompressors
        raise FormatError("damaged within its archive, or changed while it was read; make the archive anew") from None
