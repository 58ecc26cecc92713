"""An executed notebook as a light page that is safe to open: nothing in it executes, nothing is fetched.

nbconvert's exporter was tried first: with a template of our own it took 290 ms a page, nearly all of it for copying,
validating and reparsing; this takes 2.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import mistune
import nh3
from jinja2 import Environment, FileSystemLoader, Template
from markupsafe import Markup

from workbench.display import STYLE
from workbench.display.tables import DEFINITIONS, slug

if TYPE_CHECKING:
    from nbformat import NotebookNode  # slow to import, and a render with nothing to do needs none

SHEETS = ("report.css", "reader.css")
POLICY = "default-src 'none'; img-src data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'"
Links = Sequence[tuple[str, str]]
WITHIN = ("#", f"{DEFINITIONS}#")  # where figures may lead
NEEDS = "needs-output"  # the tag of prose that is shown only where the code below it has something to show

_TAGS = nh3.ALLOWED_TAGS | {"section", "main", "label", "input", "fieldset", "legend", "tfoot", "meter"}
_ATTRIBUTES = nh3.ALLOWED_ATTRIBUTES | {
    "*": {"class", "id", "title", "lang", "dir", "role", "tabindex", "style"},
    "details": {"open", "name"},
    "input": {"checked", "name"},
    "label": {"for"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
}
_PROPERTIES = {"color", "background-color", "font-weight", "font-style", "text-align", "width", "height", "max-width"}
_PROPERTIES |= {f"--by{key}" for key in range(9)}  # what a sortable table is sorted by
_PROPERTIES |= {"--low", "--at", "--high"}  # where in a range a point and its interval lie, in per cent
_TERM = re.compile(r'<span class="wb-term" title="(\w+)">([^<]*)</span>')
_IMAGES = ("image/svg+xml", "image/png", "image/jpeg")


def page(
    notebook: "NotebookNode",
    title: str,
    links: Links = (),
    provenance: Links = (),
    root: str = "",
    others: Links = (),
) -> str:
    """The page of an executed notebook.

    `links` (text, address) lead to other pages; one without an address is this page. `provenance` (term, value) goes
    into the footer, `others` (text, address) lead to neighbours and files. `root` is the way to the folder with the
    style sheet, such as `../`.
    """
    taken: dict[str, int] = {}

    def address(text: str) -> str:
        """A name for a part of the page that no other part of it has."""
        name = slug(text)
        taken[name] = taken.get(name, 0) + 1
        return name if taken[name] == 1 else f"{name}-{taken[name]}"

    def terms(html: str) -> str:
        """Where a measure is named, a link to its definition."""
        return _TERM.sub(rf'<a class="wb-term" href="{root}{DEFINITIONS}#\1">\2</a>', html)

    return _template().render(
        terms=terms,
        cells=_told(notebook.cells),
        title=title,
        links=links,
        others=others,
        provenance=provenance,
        root=root,
        policy=POLICY,
        definitions=DEFINITIONS,
        address=address,
    )


def _told(cells: "Sequence[NotebookNode]") -> "list[NotebookNode]":
    """The cells, without prose that needs the output of the code below it where there is none, and that code."""
    told: list[NotebookNode] = []
    needy: list[NotebookNode] = []
    for cell in cells:
        if cell.cell_type == "markdown":
            needy = [cell] if NEEDS in cell.metadata.get("tags", []) else []
        elif needy:
            needy.append(cell)
        if not needy:
            told.append(cell)
        elif cell.get("outputs"):
            told += needy
            needy = []
    return told


def style_sheet() -> str:
    """The style of all pages, in one file beside them."""
    return "\n".join((STYLE / name).read_text("utf-8") for name in SHEETS)


def safe_html(html: str) -> Markup:
    """`html` without whatever is not on the list of allowed elements, attributes and addresses."""
    return Markup(_cleaner().clean(html))


def _image(output: "NotebookNode") -> dict[str, Any] | None:
    """The smallest of the forms in which `output` is an image: its type, base64 and description."""
    sizes = {kind: len(output.data[kind]) * (4 / 3 if "svg" in kind else 1) for kind in _IMAGES if kind in output.data}
    if not sizes:
        return None
    kind = min(sizes, key=lambda kind: sizes[kind])
    content = output.data[kind]
    described = [output.metadata.get(form, {}).get("alt") for form in sizes]
    return {
        "type": kind,
        "base64": b64encode(content.encode()).decode() if "svg" in kind else re.sub(r"[^A-Za-z0-9+/=]", "", content),
        "alt": next(filter(None, described), output.data.get("text/plain", "")),
        "narrow": output.metadata.get(kind, {}).get("narrow", ""),
        "links": [link for link in output.metadata.get(kind, {}).get("links", []) if link[1].startswith(WITHIN)],
    }


def _plain(text: str) -> str:
    """`text` without the codes that colour it in a terminal."""
    return re.sub(r"\x1b\[[0-9;?]*[ -/]*[@-~]", "", text)


def _whole(html: str) -> str:
    """`html` in which no line of prose begins with a sign of per cent."""
    return re.sub(r"(<code>.*?</code>)|(?<=\d) (?=%)", lambda found: found[1] or "&nbsp;", html, flags=re.DOTALL)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Images come with the page; links lead nowhere that could execute."""
    if name == "src":
        return value if value.startswith("data:image/") else None
    bare = re.sub(r"[\0-\x20]", "", value)  # browsers leave these out before they look
    return None if name == "href" and bare.lower().startswith("data:") else value


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags={"script", "style", "iframe", "object", "template", "noscript", "title", "textarea"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        tag_attribute_values={"input": {"type": {"checkbox", "radio"}}},
        generic_attribute_prefixes={"aria-"},
        filter_style_properties=_PROPERTIES,
        url_schemes={"http", "https", "mailto", "data"},
    )


@cache
def _template() -> Template:
    environment = Environment(loader=FileSystemLoader(STYLE), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    markdown = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "footnotes"])
    environment.filters |= {"safe_html": safe_html, "image": _image, "plain": _plain}
    environment.filters["markdown"] = lambda text: safe_html(_whole(str(markdown(text))))
    unlinked = partial(re.sub, r"</?(?:a|img)\b[^<>]*>", "")  # of what documents may say of themselves
    environment.filters["output"] = lambda text: safe_html(unlinked(safe_html(_whole(str(markdown(text))))))
    return environment.get_template("report.html.j2")
