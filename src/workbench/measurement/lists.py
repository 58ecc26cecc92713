"""The user's own word lists, counted as measures: by document and voice, with intervals."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from workbench.analyses.quotations import VOICES, voices
from workbench.analyses.words import matches
from workbench.documents import Document
from workbench.measurement.definitions import COLUMNS
from workbench.measurement.table import ratios, starts, tidy, words_by_voice

Lists = Mapping[str, Mapping[str, float]]  # of each list, its words with their weights


def word_lists(path: str | Path) -> dict[str, dict[str, float]]:
    """The lists in a folder or file, by name: a `.txt` has a word or phrase a line (`#` begins a comment); a `.tsv` the
    columns `word`, `weight` and, for several lists in one, `list`. A word may end in `*`, as in LIWC's dictionaries.

    Raises ValueError naming the file that is missing or cannot be used.

    >>> pd.Series(["strike*", "walk out"]).to_csv("conflict.txt", index=False, header=False)
    >>> wb.word_lists("conflict.txt")
    {'conflict': {'strike*': 1.0, 'walk out': 1.0}}
    """
    path, lists = Path(path), dict[str, dict[str, float]]()
    files = sorted([*path.glob("*.txt"), *path.glob("*.tsv")]) if path.is_dir() else [path]
    for file in files:
        if not file.is_file():
            raise ValueError(f"{file}: no such file; name a folder of .txt or .tsv files, or one of them")
        if file.suffix == ".tsv":
            table = pd.read_csv(file, sep="\t", comment="#", encoding="utf-8-sig")
            if "word" not in table:
                raise ValueError(f"{file}: no column `word`; its first line names the columns word, weight and list")
            table = table.assign(**{k: table.get(k, other) for k, other in {"weight": 1.0, "list": file.stem}.items()})
            for name, rows in table.dropna(subset="word").groupby("list", sort=False):
                lists[str(name)] = dict(zip(rows.word.astype(str), rows.weight.astype(float), strict=True))
        else:
            words = (line.partition("#")[0].strip() for line in file.read_text("utf-8-sig").splitlines())
            lists[file.stem] = dict.fromkeys(filter(None, words), 1.0)
    if not lists:
        raise ValueError(f"{path}: no word list in it; put .txt files there, a word a line")
    return lists


def count_lists(documents: Iterable[Document] | Document, lists: str | Path | Lists) -> pd.DataFrame:
    """How much of each document's words, in all and by voice, are on each of the lists: columns as of `measures`.

    `list_share[name]`: words and phrases found / words; `list_weight[name]`, of a list with weights: the mean weight of
    those found. The units of intervals are paragraphs. `lists` is what `word_lists` reads, or gives.

    >>> doc = wb.Document.from_text("The strike began. “They walk out,” said Ann Lee.")
    >>> table = wb.count_lists(doc, {"conflict": {"strike*": 1, "walk out": 1}})
    >>> table[["measure", "voice", "value"]].head(1).values.tolist()
    [['list_share[conflict]', 'all', 0.2222222222222222]]
    """
    known = lists if isinstance(lists, Mapping) else word_lists(lists)
    tables = []
    for document in [documents] if isinstance(documents, Document) else documents:
        rows: list[Mapping[str, object]] = []
        words = words_by_voice(document)
        for name, weights in known.items():
            found = [(*at, weight) for word, weight in weights.items() for at in matches(document.text, word)]
            found.sort(key=lambda place: (place[0], -place[1]))  # of words that begin alike the longest counts
            spans = pd.DataFrame(found, columns=["start", "end", "weight"]).drop_duplicates("start")
            spans = spans.astype({"start": int, "end": int, "weight": float})
            voice = voices(document, spans).voice
            kept = [spans, *(spans[voice == one] for one in VOICES)]
            counts = [starts(document, some) for some in kept]
            label = {"measure": f"list_share[{name}]", "unit": "share of words"}
            rows += ratios(counts, words, [{**label, "voice": one} for one in ("all", *VOICES)])
            if any(weight != 1 for weight in weights.values()):
                sums = [starts(document, some, some.weight.to_numpy(float)) for some in kept]
                label = {"measure": f"list_weight[{name}]", "unit": "mean weight"}
                rows += ratios(sums, counts, [{**label, "voice": one} for one in ("all", *VOICES)])
        tables.append(tidy(document, [{"analysis": "words", **row} for row in rows]))
    return pd.concat(tables or [pd.DataFrame(columns=COLUMNS)], ignore_index=True)
