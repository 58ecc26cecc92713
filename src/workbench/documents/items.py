"""E-mails, mailboxes and XML files of news: each item of them."""

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from typing import Any

from workbench.documents.document import Extract
from workbench.documents.encoding import FormatError, decoded
from workbench.documents.office import xml
from workbench.documents.pages import block_lines, parsed

_LONGEST = 9000  # characters of a header that are read: the time that takes grows with their square
_MAIL = email.policy.default.clone(
    header_factory=lambda name, value: email.policy.default.header_factory(name, value[:_LONGEST])
)


def mail(raw: bytes) -> Extract:
    """The body of an e-mail, its subject as title, its sender as author, its date."""
    message = email.message_from_bytes(raw, policy=_MAIL)
    body = message.get_body(("plain", "html"))
    if not message.keys() or body is None:
        raise FormatError("no text found in this e-mail; save its text as .txt")
    try:
        text = str(body.get_content())
    except (LookupError, UnicodeError):
        text = decoded(bytes(body.get_payload(decode=True) or b""))[0]
    says: dict[str, object] = {"title": str(message["subject"] or ""), "date": None}
    with suppress(ValueError, TypeError, AttributeError, IndexError):
        says["date"] = message["date"].datetime
        says["author"] = message["from"].addresses[0].display_name
    if body.get_content_type() == "text/html":
        text = "\n\n".join(block_lines(parsed(text)))
    return Extract(text, says)


def html_of(raw: bytes) -> str:
    """The HTML of an e-mail; empty where it has none."""
    body = email.message_from_bytes(raw, policy=_MAIL).get_body(("html",))
    with suppress(LookupError, UnicodeError):
        return str(body.get_content()) if body is not None else ""
    return ""


def mails(raw: bytes) -> list[Extract | FormatError]:
    """Each e-mail of a mailbox (mbox)."""
    found: list[Extract | FormatError] = []
    for piece in re.split(rb"(?:\A|\r?\n\r?\n)From [^\n]*\d\d:\d\d[^\n]*\n", raw):
        if piece.strip():
            try:
                found.append(mail(re.sub(rb"^>(>*From )", rb"\1", piece, flags=re.M)))
            except FormatError as error:
                found.append(FormatError(f"e-mail {len(found) + 1}: {error}"))
    return found


def news_xml(raw: bytes) -> list[Extract | FormatError]:
    """Each item of an XML file of news: NewsML, NITF, TEI, RSS, Atom and others with known names for text and title."""
    from lxml import etree  # start-up time

    tree = None
    with suppress(etree.XMLSyntaxError, ValueError):
        tree = xml(raw, recover=True)
    if tree is None:
        raise FormatError("damaged, or not XML; save its text as .txt")
    for element in tree.iter("{*}*"):
        element.tag = etree.QName(element).localname
    for name in _XML_ITEMS:
        if found := [extract for item in _outermost(tree, name) if (extract := _xml_item(item))]:
            return list(found)
    raise FormatError("no element of news text found in this XML; save its text as .txt, or as a table")


_XML_ITEMS = (
    "newsItem NewsItem newsitem nitf TEI TEI.2 item entry article Article doc DOC document story record".split()
)
_XML_NAMES = {
    "text": "body.content inlineXML DataContent encoded body text TEXT maintext content fulltext story description"
    " summary".split(),
    "title": "hl1 headline HeadLine Headline HEADLINE title TITLE hedline".split(),
    "author": "byline by ByLine bytag author creator name".split(),
    "date": "date.issue story.date versionCreated contentCreated DateId pubDate published updated date DATE".split(),
    "outlet": "provider Provider publisher source SOURCE paper".split(),
}


def _outermost(tree: Any, name: str) -> Iterator[Any]:
    """The elements called `name` that are in no other of that name."""
    from lxml import etree  # start-up time

    walk = etree.iterwalk(tree, ("start",), tag=name)
    for _, element in walk:
        walk.skip_subtree()
        yield element


def _xml_item(item: Any) -> Extract | None:
    """The article in an item: the first of the known elements that has some."""
    from lxml import html  # start-up time

    def first(names: list[str], least: int = 1) -> Any:
        elements = (element for name in names for element in _outermost(item, name))
        return next((e for e in elements if len("".join(e.itertext()).strip()) >= least), None)

    body = first(_XML_NAMES["text"], 20)
    if body is None:
        return None
    if len(body) == 0 and "<" in body.text:  # HTML as text, as feeds have it
        body = html.fromstring(f"<div>{body.text}</div>")
    said: dict[str, object] = {}
    for key in ("title", "author", "date", "outlet"):
        if (element := first(_XML_NAMES[key])) is not None and body not in element.iterancestors():
            named = element.find("name") if key == "author" else None  # beside it an address, in Atom
            said[key] = unescape(" ".join("".join((element if named is None else named).itertext()).split()))
    attributes = [*item.xpath(".//date.issue/@norm | .//story.date/@norm | .//*[self::date]/@when"), item.get("date")]
    said["date"] = next(filter(None, attributes), said.get("date"))
    said["author"] = re.sub(r"^by ", "", str(said.get("author") or ""), flags=re.I)
    return Extract("\n".join(block_lines(body)), said, is_article=True)
