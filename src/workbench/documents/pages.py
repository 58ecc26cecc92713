"""A saved web page to its article: the text, the headline that the page shows, its date, author and outlet."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy  # trafilatura changes the tree that it is given
from datetime import timedelta
from itertools import islice
from typing import Any

from workbench.documents.cleaning import LINK_LIST, Removed, clean, rules
from workbench.documents.document import Extract
from workbench.documents.encoding import MEGABYTE, FormatError, decoded
from workbench.documents.metadata import ORDERED_DATE, parsed_date

MOST_TAGS = 50_000
SMALL, SMALLER = 0.5, 0.2  # shares of what other extractions find below which one has missed the article
NEAR = timedelta(days=7)  # by which the day that a page prints may differ from the one in its head
_BLOCKS = frozenset(
    "address article aside blockquote body br button dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr label li main nav ol option p pre section select table tbody td th thead title tr ul".split()
)
_NO_TEXT = frozenset("script style noscript template head".split())
_UNSEEN = re.compile(
    r"(?:^|[\s_-])(?:rollover|tooltip|popover|hovercard|sr-only|screen-?reader|visually-?hidden)(?:[\s_-]|$)", re.I
)
_HIDING = "@hidden or @aria-hidden='true' or contains(translate(@style, ' ', ''), 'display:none') or @class"
_POLICY = re.compile(
    r"\bcomment(?:s|ing|er|ers)?\b|\bmoderat|community (?:guidelines|standards|rules)|house rules", re.I
)


def page(raw: bytes) -> Extract:
    """The article on the page `raw`; what else the page shows is listed by its line in the source. Raises FormatError.

    trafilatura extracts it, set to precision. Where that has found a small part of what its extraction set to recall,
    the page's structured data or the judgement of the page's lines find, that larger text is taken.
    """
    tree = parsed(decoded(raw)[0])
    found = _extracted(tree, favor_precision=True, with_metadata=True)
    lines = list(block_lines(tree))
    article, said = _largest(_told(found, "text"), tree, lines)
    if not article:
        raise FormatError("no article found on this page; save its text as .txt")
    names = {"author": "author", "date": "date", "outlet": "sitename", "url": "url"}
    known = {key: getattr(found, name, None) for key, name in names.items()}
    known |= {"title": _title(tree, found), "extraction": said}
    known["date"] = _printed_day(lines, known)
    headline, _, body = article.partition("\n")
    titles = _squeezed(str(known["title"])), _squeezed(_told(found, "title"))
    if body and len(headline) > 10 and _squeezed(headline) in titles:
        article = body
    article, removed = _without_links(article, tree)
    _refuse_what_is_none(article, str(known["title"]), tree)
    return Extract(article, known, removed + _rest_of_page(tree, article), is_article=True)


def parsed(text: str) -> Any:
    """The page's tree, without comments and hidden elements. Raises FormatError."""
    if text.count("<") > MOST_TAGS:
        raise FormatError(f"has more than {MOST_TAGS:,} tags, more than any article's page; save its text as .txt")
    from lxml import etree, html  # start-up time

    try:
        tree = html.fromstring(
            text.encode("utf-8", "replace"), parser=html.HTMLParser(encoding="utf-8", remove_comments=True)
        )
    except (ValueError, etree.LxmlError):
        raise FormatError("no article found on this page; save its text as .txt") from None
    whole = sum(map(len, tree.itertext()))
    for element in tree.xpath(f"//*[{_HIDING}]"):
        style = element.get("style", "").replace(" ", "").lower()
        hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true" or "display:none" in style
        small = sum(map(len, element.itertext())) < SMALLER * whole  # else the page hides itself until a script runs
        if small and (hidden or _UNSEEN.search(element.get("class", ""))) and element.getparent() is not None:
            element.drop_tree()
    return tree


def block_lines(tree: Any) -> Iterator[str]:
    """The text of each block of the page, as a reader sees them below each other."""
    from lxml import etree  # start-up time

    line: list[str] = []
    hidden = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        hidden += (element.tag in _NO_TEXT) * (1 if event == "start" else -1)
        if element.tag in _BLOCKS:
            if text := " ".join("".join(line).split()):
                yield text
            line = []
        if not hidden:
            line.append((element.text if event == "start" else element.tail) or "")
    if text := " ".join("".join(line).split()):
        yield text


def _largest(precise: str, tree: Any, lines: list[str]) -> tuple[str, str]:
    """The precise extraction, or the one of which it has only a small part, and what is to be said of that."""
    prose = sum(len(line.split()) for line in lines if len(line.split()) >= 20)
    if len(precise.split()) >= 0.8 * prose:
        return precise, ""
    others: dict[str, Callable[[], str]] = {
        "the page's structured data": lambda: max(_bodies(tree), key=len, default=""),
        "the extraction set to recall": lambda: _told(_extracted(tree, favor_recall=True), "text"),
        "the judgement of its lines": lambda: clean("\n".join(lines))[0],
    }
    for name, other in others.items():
        text = other()
        words, whole = (Counter(re.findall(r"\w+", each.lower())) for each in (precise, text))
        if name == "the judgement of its lines":  # as likely as not it has some teasers
            missed = words.total() < SMALLER * whole.total()
        else:
            missed = (words & whole).total() < SMALL * whole.total()
        if missed and whole.total() >= 50:
            return text, f"taken from {name}, as the precise one found {words.total()} of {whole.total()} words"
    return precise, ""


def _extracted(tree: Any, **how: Any) -> Any:
    """What trafilatura finds on the page, None where it finds or manages nothing."""
    from trafilatura import bare_extraction  # start-up time

    with suppress(ValueError, TypeError, RecursionError, AttributeError):
        return bare_extraction(deepcopy(tree), include_comments=False, **how)
    return None


def _bodies(tree: Any) -> Iterator[str]:
    """Each articleBody in the page's structured data (schema.org, JSON-LD)."""
    waiting: list[object] = []
    for script in tree.xpath("//script[contains(@type, 'ld+json')]/text()"):
        with suppress(ValueError, RecursionError):
            waiting.append(json.loads(script, strict=False))
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            body = item.get("articleBody")
            if isinstance(body, str):
                yield re.sub(r"(?<=[.!?”\"])\s*\n+", "\n", re.sub(r"<[^<>]{1,500}>", " ", body))
        waiting.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())


def _told(found: Any, name: str) -> str:
    return str(getattr(found, name, None) or "")


def _squeezed(text: str) -> str:
    return "".join(re.findall(r"\w", text.casefold()))


def _title(tree: Any, found: Any) -> str:
    """The headline that the page shows: the h1 most like what its head names; else that, without the outlet's name."""
    told = [*tree.xpath("//meta[@property='og:title' or @name='og:title']/@content"), _told(found, "title")]
    told = [" ".join(text.split())[:500] for text in [*told, tree.findtext(".//title") or ""] if text.strip()]
    outlet = [_told(found, name) for name in ("sitename", "hostname")]
    outlet += tree.xpath("//meta[@property='og:site_name' or @name='application-name']/@content")
    names = {_squeezed(re.sub(r"^www\.|\.(?:com?|org|net)?(?:\.?\w\w)?$", "", name)) for name in outlet} - {""}
    told = [_without_outlet(text, names, told) for text in told if _squeezed(text) not in names]
    shown = [" ".join("".join(h1.itertext()).split()) for h1 in tree.iter("h1")]
    shown = [text for text in shown if text and _squeezed(text) not in names]
    words = Counter(word for text in told for word in {*re.findall(r"\w+", text.casefold())})

    def likeness(text: str) -> float:
        own = re.findall(r"\w+", text.casefold())
        return sum(word in words for word in own) / len(own) if own else 0

    best = max(shown, key=likeness, default="")
    alone = len(set(shown)) == 1 and len(best.split()) >= 3
    if not (best and (likeness(best) >= 0.5 or alone)):
        return told[0] if told else ""
    for text in told:
        after_section = r"[|»›•·/]\s*" + re.escape(text.casefold()) + r"\Z"
        if len(text) > len(best) / 2 and re.search(after_section, best.casefold()):
            return text
    return best


def _printed_day(lines: list[str], known: dict[str, Any]) -> object:
    """The day in a line below the headline: the outlet's own, where the head may state that of another time zone."""
    stated, title = parsed_date(known["date"]), _squeezed(str(known["title"]))
    headlines = [i for i, line in enumerate(lines) if title and title == _squeezed(line)]
    for line in (line for i in headlines for line in lines[i + 1 : i + 6]):
        match = rules("line")[0].fullmatch(line)
        if match is None or re.match(r"(?:last )?(?:updated|modified)", line, re.I) or ORDERED_DATE.search(line):
            continue
        if (day := parsed_date(line)) and (stated is None or abs(day - stated) <= NEAR):
            return day
    return stated


def _without_outlet(title: str, names: set[str], others: list[str]) -> str:
    """`title` without the outlet's name before or after it, set off by a dash, a bar or the like."""
    marks = list(re.finditer(r" (?:[-–—|·•»:]|::|//) ", title))
    for mark, last in [*((mark, True) for mark in marks[::-1]), *((mark, False) for mark in marks[:1])]:
        parts = title[: mark.start()], title[mark.end() :]
        kept, cut = parts if last else parts[::-1]
        name = _squeezed(cut)
        known = any(
            name == other
            or (len(cut.split()) <= 5 and min(len(name), len(other)) > 3 and (name in other or other in name))
            for other in names
        )
        if kept and (known or (last and kept in others)):
            return _without_outlet(kept, names, others)
    return title


def _without_links(article: str, tree: Any) -> tuple[str, Removed]:
    """The extracted lines without the items of lists of links, unless these are a good part of it, as in a listing."""
    links = set()
    for listing in tree.iter("ul", "ol"):
        items = [item for item in listing.iter("li") if "".join(item.itertext()).strip()]
        words, linked = (sum(len(text.split()) for text in _texts(items, name)) for name in ("li", "a"))
        if linked >= 0.4 * words and words <= 20 * len(items) and all(item.find(".//a") is not None for item in items):
            links |= {_squeezed(text) for text in _texts(items, "li")}
    lines = article.split("\n")
    listed = {n: line for n, line in enumerate(lines, 1) if line.startswith("- ") and _squeezed(line) in links}
    if sum(map(len, listed.values())) > SMALLER * len(article):
        return article, []
    kept = (line for n, line in enumerate(lines, 1) if n not in listed)
    return "\n".join(kept), [(n, line, LINK_LIST) for n, line in listed.items()]


def _texts(elements: list[Any], name: str) -> list[str]:
    """The text of each element called `name` in or among `elements`."""
    return ["".join(inner.itertext()) for element in elements for inner in element.iter(name)]


def _refuse_what_is_none(article: str, title: str, tree: Any) -> None:
    """Raises FormatError where the text is links to articles with their teasers, or the rules for comments on one."""
    lines = [line.removeprefix("- ") for line in article.split("\n") if line.strip()]
    words = sum(len(line.split()) for line in lines) or 1
    links = {_squeezed("".join(link.itertext())) for link in tree.iter("a")} | _teasers(tree)
    if sum(len(line.split()) for line in lines if _squeezed(line) in links) > words / 2:
        raise FormatError("no article on this page, only links to others; save the articles' own pages")
    ruled = sum(len(line.split()) for line in lines if _POLICY.search(line))
    told = {word for word in re.findall(r"\w{5,}", title.casefold()) if not _POLICY.search(word)}
    if words < 300 and ruled > 0.6 * words and told and not any(word in article.casefold() for word in told):
        raise FormatError("no article on this page, only its rules for comments; save its text as .txt")


def _teasers(tree: Any) -> set[str]:
    """What stands beside each headline that is a link, in a box of at most five blocks."""
    beside = set()
    for headline in tree.iter("h2", "h3", "h4", "h5"):
        own, box = _squeezed("".join(headline.itertext())), headline
        linked = {_squeezed(text) for text in _texts([headline], "a")}
        if own and (own in linked or (headline.getparent() is not None and headline.getparent().tag == "a")):
            blocks = {own}
            while blocks == {own} and box.getparent() is not None:
                box = box.getparent()
                blocks = {_squeezed(text) for text in islice(block_lines(box), 6)} - {""}
            beside |= blocks if len(blocks) <= 5 else set()
    return beside


def _rest_of_page(tree: Any, article: str) -> Removed:
    squeezed = "".join(article.split())
    if len(squeezed) > MEGABYTE / 2:
        return [(1, "", "the page around this article is not listed for its size")]
    pieces = tree.xpath("//text()[not(parent::script or parent::style or parent::noscript or parent::template)]")
    rows = ((piece.getparent().sourceline or 1, " ".join(piece.split()), "outside the article") for piece in pieces)
    return [row for row in rows if row[1] and row[1].replace(" ", "") not in squeezed]
