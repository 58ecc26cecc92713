"""Bytes of each file format to plain text and metadata, in bounded time and memory."""

import io
import json
import re
import tomllib
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from workbench.documents import exports, items, office
from workbench.documents.document import Extract
from workbench.documents.encoding import LARGEST_TEXT, MEGABYTE, FormatError, decoded, member, opened_zip
from workbench.documents.files import apart
from workbench.documents.pages import block_lines, page, parsed
from workbench.documents.rows import renamed

LARGE = MEGABYTE // 4  # bytes of a file from which on its reader is not trusted to end
_REMEDIES = {  # by the endings that they are for
    ".doc": "open it in Word or LibreOffice and save it as .docx",
    ".pages": "export it as .docx",
    ".mht .mhtml .webarchive": "save the page as .html",
    ".warc": "unpack its pages with warcio and save each as .html",
    ".msg": "save the mail as .eml",
    ".rds .rdata": "save the table from R with write.csv",
    ".dta .sav .db .sqlite": "save the table as .csv",
    ".zip": "unpack it, and zip its files without a zip among them",
    ".pptx": "copy its text, and save that as .txt",
    ".7z .rar .tar": "unpack it, or make a .zip of it",
    ".jpg .jpeg .png .gif .tif .tiff": "run OCR and save its text as .txt",
}
_INSTEAD = {ending: remedy for endings, remedy in _REMEDIES.items() for ending in endings.split()}


def extract(raw: bytes, suffix: str) -> Extract:
    """What a file's bytes hold, by the ending of its name (".txt"). Raises FormatError."""
    if suffix not in READERS:
        other = _INSTEAD.get(suffix, f"save it as one of {' '.join(READERS)}")
        raise FormatError(f"{suffix or 'no ending'}: not a format that is read; {other}")
    if len(raw) > LARGEST_TEXT and suffix not in (".pdf", ".docx", ".odt"):
        raise FormatError(f"{len(raw) // MEGABYTE} MB, too large for an article; split it, or make a table of it")
    return READERS[suffix](raw)


def _plain(raw: bytes) -> Extract:
    """The text, and as metadata the front matter at its start (YAML, TOML or JSON)."""
    text, encoding = decoded(raw)
    metadata: dict[str, object] = {} if encoding.removesuffix("-sig") == "utf-8" else {"encoding": encoding}
    if front := _FRONT.match(text[:20_000]):
        known = _front_matter(front["yaml"], front["toml"], front["json"])
        if known is not None:
            text = "\n" * front[0].count("\n") + text[front.end() :]  # the lines after it keep their numbers
            metadata |= known
    return Extract(text, metadata)


_FRONT = re.compile(
    r"\s*(?:---[ \t]*\r?\n(?P<yaml>(?:[^\n]*\n){1,200}?)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)"
    r"|\+\+\+[ \t]*\r?\n(?P<toml>(?:[^\n]*\n){1,200}?)\+\+\+[ \t]*(?:\r?\n|$)"
    r"|(?P<json>\{[ \t]*\r?\n(?:[^\n]*\n){1,200}?\})[ \t]*(?:\r?\n|$))"
)


def _front_matter(in_yaml: str | None, in_toml: str | None, in_json: str | None) -> dict[str, object] | None:
    """What the front matter says; None where it is none. No YAML is read as "key: value" lines."""
    import yaml  # start-up time

    known: Any = None
    with suppress(ValueError, RecursionError, yaml.YAMLError):
        if in_yaml and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(in_yaml)):
            raise ValueError  # parts that stand for others, which stand for others, unfold to anything
        known = yaml.safe_load(in_yaml) if in_yaml else tomllib.loads(in_toml) if in_toml else json.loads(in_json or "")
    if not isinstance(known, dict) and in_yaml:
        pairs = re.findall(r"^([\w -]{1,40}):(.*)$", in_yaml, re.M)
        known = {key: value.strip().strip("\"'") for key, value in pairs}
    if not isinstance(known, dict):
        return None
    return renamed({str(key).strip().lower(): value for key, value in known.items()})


def _markdown(raw: bytes) -> Extract:
    found = _plain(raw)
    text = found.text
    for mark, kept in _MARKDOWN.items():
        text = re.sub(mark, kept, text, flags=re.M)
    return Extract(text, found.metadata)


_TARGET = r"\((?:[^()\n]|\([^()\n]{0,500}\)){0,2000}\)"  # of a link; an address may have brackets of its own
_MARKDOWN = {
    rf"!\[(?:[^\[\]\n]|\[[^\[\]\n]{{0,100}}\]){{0,500}}\]{_TARGET}": "",
    rf"\[([^\[\]\n]{{1,500}})\](?:{_TARGET}|\[[^\[\]\n]{{0,200}}\])": r"\1",
    r"^ {0,3}(?:#{1,6} +|> ?)": "",
    r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,500})(?<=\S)\1(?![\w*])": r"\2",
    r"(?<!\w)(_{1,3})(?=\S)([^_\n]{1,500})(?<=\S)\1(?!\w)": r"\2",
}


READERS: dict[str, Callable[[bytes], Extract]] = {
    ".txt": _plain,
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": page,
    ".htm": page,
    ".xhtml": page,
    ".pdf": office.pdf,
    ".docx": partial(office.office, body="word/document.xml", properties="docProps/core.xml"),
    ".odt": partial(office.office, body="content.xml", properties="meta.xml"),
    ".rtf": office.rtf,
    ".epub": office.epub,
    ".eml": items.mail,
}
COLLECTIONS = {".mbox": items.mails, ".xml": items.news_xml}


def contents(raw: bytes, suffix: str) -> list[Extract | FormatError]:
    """What a file holds: of an export of a news database, a mailbox or an XML file each article. Raises FormatError.

    What is large is read in a process of its own, whose time and memory are bounded.
    """
    try:
        small = len(raw) < LARGE or suffix == ".pdf"
        (found,) = [_contents(raw, suffix)] if small else apart(lambda: [_contents(raw, suffix)])
    except (FormatError, ImportError, MemoryError):
        raise
    except Exception as error:  # each format's reader has kinds of its own
        raise FormatError(f"cannot be read ({type(error).__name__}); save it anew, or its text as .txt") from None
    if not found:
        raise FormatError("no document in it; fill or remove it")
    return found


def _contents(raw: bytes, suffix: str) -> list[Extract | FormatError]:
    if suffix in COLLECTIONS:
        return COLLECTIONS[suffix](raw)
    if suffix in READERS and (suffix == ".pdf" or may_hold_several(raw, suffix)):
        mail = items.html_of(raw) if suffix == ".eml" else None
        if suffix in (".html", ".htm", ".xhtml") or mail:
            tree = parsed(mail or decoded(raw)[0])
            exports.mark(tree)
            whole = Extract("\n\n".join(block_lines(tree)))
        else:
            whole = READERS[suffix](raw)
        if found := exports.articles(whole.text):
            return found
        return [whole if suffix == ".pdf" else extract(raw, suffix)]
    return [extract(raw, suffix)]


def may_hold_several(raw: bytes, suffix: str) -> bool:
    """Whether a look at the bytes tells that there may be several documents in them."""
    if suffix in (".docx", ".odt"):
        with suppress(FormatError), opened_zip(io.BytesIO(raw)) as parts:
            names = {"word/document.xml", "content.xml"}.intersection(parts.namelist())
            return any(exports.hinted(member(parts, parts.getinfo(name), LARGEST_TEXT)) for name in names)
        return False
    return suffix in COLLECTIONS or exports.hinted(raw)
