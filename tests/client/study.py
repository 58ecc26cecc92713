"""A study as somebody else would write it: it passes `mypy --strict`, and each marked mistake must be found by it."""

from pathlib import Path

import pandas as pd

import workbench as wb


def tones(folder: Path) -> pd.DataFrame:
    """A row a document that can be read: its name and its mean tone."""
    rows: list[tuple[str, float]] = []
    for item in wb.read_all(folder):
        if isinstance(item, wb.DocumentError):
            print(item)
            continue
        table = wb.measures(item)
        rows.append((item.name, float(table.loc[table["measure"] == "valence", "value"].iloc[0])))
    return pd.DataFrame(rows, columns=["document", "tone"])


def at_a_glance(document: wb.Document) -> str:
    """Who is quoted, in whose voice it is hardest to read, and what the findings are."""
    spoken: pd.DataFrame = wb.quotations(document, least=0.5)
    told, said = wb.readability(document, "narration"), wb.readability(document, voice="quotation", speaker="Ann Lee")
    harder = told["score"].mean() > said["score"].mean()
    first = [*wb.speakers(document), "nobody"][0]
    names = wb.entities(document, aliases={"the Bank": "Bank of England"})
    together = wb.together(document, list(names["entity"].unique()), within="paragraph")
    html: str = wb.masthead(document, "quotations") + wb.show(document, ["quotations", "tone"])
    return f"{first}, {len(spoken)}, {harder}, {together.shape}, {len(html)}: {wb.findings(document, 'sentiment')[0]}"


def mistakes(document: wb.Document) -> None:
    """What mypy must complain of: were one allowed, its ignored error would be one too many."""
    wb.quotation(document)  # type: ignore[attr-defined]
    wb.quotations("a.txt")  # type: ignore[arg-type]
    wb.quotations(Path("a.txt"))  # type: ignore[arg-type]
    wb.readability(document, "naration")  # type: ignore[arg-type]
    wb.findings(document, "readabilty")  # type: ignore[arg-type]
    wb.masthead(document, "quotes")  # type: ignore[arg-type]
    wb.validity("tone")  # type: ignore[arg-type]
    wb.explore("seeds", "tone")  # type: ignore[arg-type]
    wb.show(document, ["quotation"])  # type: ignore[list-item]
    wb.together(document, ["Ann Lee"], "sentences")  # type: ignore[arg-type]
    wb.entities(document, aliases=["the Bank"])  # type: ignore[arg-type]
    wb.read_all("seeds").append(document)  # type: ignore[attr-defined]


if __name__ == "__main__":
    print(tones(Path("seeds")))
    document = wb.read(next(Path("seeds").glob("*.txt")))
    print(at_a_glance(document))
