"""Seeds made from the hand-marked articles: ten outlets, two articles of two, nobody quoted."""

import random
from pathlib import Path

from articles import articles

OUTLETS = [
    "Marlbridge Courier",
    "Lakeside Ledger",
    "Harbour City News",
    "Nordhavn Post",
    "The Evening Tide",
    "Copper Valley Gazette",
    "Union Street Journal",
    "Il Faro",
    "The Inland Observer",
    "Ca$h Weekly",
]
PLAIN = "Snow fell in the night. The roads were closed by six. Ploughs came at noon, and the schools stayed shut."


def ten_outlets(folder: Path, each: int = 6) -> Path:
    """`each` articles of each of ten outlets in `folder`, over two years; an outlet has a stock of stories of its own.

    The files are named by date, outlet and title as the reader of names has it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = [article.text for article in articles()]
    for place, outlet in enumerate(OUTLETS):
        stock = [paragraph for text in (texts * 2)[place : place + 5] for paragraph in _paragraphs(text)]
        draw = random.Random(place)
        for number in range(each):
            told = draw.sample(stock, draw.randint(8, 14))
            title = " ".join(told[0].split()[:5]).strip(".,:;\"“”'")
            date = f"{2023 + number % 2}-{1 + (3 * number + place) % 12:02}-{1 + 2 * place:02}"
            name = f"{date}_{outlet.lower().replace(' ', '-')}_{title.lower().replace(' ', '-').replace('/', '-')}.txt"
            (folder / name).write_text("\n\n".join([title, *told]) + "\n", "utf-8")
    return folder


def nobody_quoted(folder: Path) -> Path:
    """One article in which nobody speaks and nobody is named."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "snow.txt").write_text("\n\n".join(["Snow in the night", *[PLAIN] * 3]) + "\n", "utf-8")
    return folder


def two_a_group(folder: Path) -> Path:
    """Two articles of each of two outlets: too few to compare."""
    ten_outlets(folder, 2)
    for path in sorted(folder.iterdir()):
        if not any(f"_{outlet}_" in path.name for outlet in ("lakeside-ledger", "il-faro")):
            path.unlink()
    return folder


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if len(line.split()) > 6]
