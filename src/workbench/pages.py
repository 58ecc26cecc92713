"""An executed notebook as a light page that is safe to open: nothing in it executes, nothing is fetched."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import nh3
from nbconvert import HTMLExporter
from nbformat import NotebookNode

STYLE = Path(__file__).parent / "style"
POLICY = "default-src 'none'; img-src data:; style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_TAGS = nh3.ALLOWED_TAGS | {"section", "main", "label", "input", "fieldset", "legend", "tfoot", "caption", "meter"}
_ATTRIBUTES = {
    **{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()},
    "*": {"class", "id", "title", "lang", "dir", "role", "tabindex", "style"},
    "details": {"open"},
    "input": {"checked", "name"},
    "label": {"for"},
    "meter": {"value", "min", "max", "low", "high", "optimum"},
}
_PROPERTIES = {"color", "background-color", "font-weight", "font-style", "text-align", "width", "height", "max-width"}
_PROPERTIES |= {f"--by{key}" for key in range(9)}  # what a sortable table is sorted by


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags={"script", "style", "iframe", "object", "template", "noscript", "title", "textarea"},
        attributes=_ATTRIBUTES,
        tag_attribute_values={"input": {"type": {"checkbox", "radio"}}},
        set_tag_attribute_values={},
        generic_attribute_prefixes={"aria-"},
        filter_style_properties=_PROPERTIES,
        url_schemes={"http", "https", "mailto", "data"},
        attribute_filter=_attribute,
        link_rel="noopener noreferrer",
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Images only from the page itself, links never to data."""
    if name == "src":
        return value if value.startswith("data:image/") else None
    if name == "href" and value.strip().lower().startswith("data:"):
        return None
    return value


def safe_html(html: str) -> str:
    """`html` without whatever is not on the list of allowed elements, attributes and addresses."""
    return _cleaner().clean(html)


def page(
    notebook: NotebookNode,
    title: str,
    links: Sequence[tuple[str, str]] = (),
    provenance: Sequence[tuple[str, str]] = (),
    root: str = "",
) -> str:
    """The page of an executed notebook. `links` (text, address) lead elsewhere; an empty address is this page.

    `root` is the way to the folder of the style sheet, such as `../`.
    """
    resources = {
        "title": title,
        "links": links,
        "provenance": provenance,
        "root": root,
        "policy": POLICY,
    }
    html, _ = _exporter().from_notebook_node(notebook, resources=resources)
    return str(html)


@cache
def _exporter() -> HTMLExporter:
    exporter = HTMLExporter(
        extra_template_basedirs=[str(STYLE)],
        template_file=str(STYLE / "report.html.j2"),
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
        filters={"safe_html": safe_html, "alt_text": _alt_text, "base64_only": _base64_only},
    )
    return exporter


def _alt_text(output: NotebookNode, kind: str) -> str:
    return str(output.get("metadata", {}).get(kind, {}).get("alt") or output.data.get("text/plain", ""))


def _base64_only(text: str) -> str:
    """An image's bytes as notebooks store them, and nothing that could leave the attribute that they go into."""
    return re.sub(r"[^A-Za-z0-9+/=]", "", text)


def style_sheet() -> str:
    """The style of all pages, in one file."""
    return "\n".join(
        (STYLE / name).read_text("utf-8") for name in ("report.css", "reader.css") if (STYLE / name).exists()
    )
