"""What in a text is not the article: taken out line by line, with an audit trail."""

import re

import pandas as pd

REMOVED_COLUMNS = ["line", "text", "reason"]
_NOT_ARTICLE = {
    "date alone": re.compile(r"\d{1,2}/\d{1,2}/\d{4}"),
    "navigation": re.compile(r"(newer|older|related) articles|read more|share( this)?|subscribe.*", re.I),
    "teaser in markup": re.compile(r"<p>.*</p>"),
}


def clean(text: str) -> tuple[str, pd.DataFrame]:
    """`text` without the lines that are not the article, and a row (line, text, reason) for each left out."""
    kept, removed = [], []
    for number, line in enumerate(text.splitlines(), 1):
        reason = next((reason for reason, pattern in _NOT_ARTICLE.items() if pattern.fullmatch(line.strip())), None)
        if reason:
            removed.append((number, line.strip(), reason))
        else:
            kept.append(line)
    return "\n".join(kept).strip(), pd.DataFrame(removed, columns=REMOVED_COLUMNS)
