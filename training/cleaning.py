"""Train the weights of `workbench.documents.cleaning` and write its model file and data card.

    python training/cleaning.py

Reads `cleaning.jsonl` in ../shared/gold (or $WORKBENCH_GOLD). A page's lines are labelled by aligning its words with
those of the article marked by hand; a logistic regression, each page weighing the same, learns which of them belong.
"""

import difflib
import json
import os
import re
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from workbench.documents import cleaning

GOLD = Path(os.environ.get("WORKBENCH_GOLD", "../shared/gold"))
MODELS = Path(__file__).parent.parent / "src/workbench/documents"
FOLDS = 7
REGULARISATION = 0.1
STOP_WORDS = (
    "a about after also an and are as at be been but by could for from had has have he if in into is it its more not of"
    " on or said than that the their there they this to was we were what when which who will with would you"
)
PHRASES = {
    "share": r"share|tweet|pin it|follow (?:us|me)|facebook|twitter|whatsapp|linkedin|reddit|telegram|pinterest"
    r"|instagram|e-?mail|print|copy link|rss",
    "account": r"subscri\w+|sign (?:in|up)|log ?(?:in|out)|register|newsletters?|membership|account|password|donate"
    r"|support us|contribute",
    "legal": r"cookies?|privacy|terms (?:of|and)|copyright|all rights|trademarks?|permission|disclaimer",
    "advertising": r"advert\w*|sponsor\w*|promoted|affiliate|download|app store|google play|buy now|shop",
    "comments": r"comments?|repl(?:y|ies)|votes?|rating|likes?|said:|says:|permalink|moderat\w+",
    "more": r"related|recommended|read (?:more|next|also|full)|more (?:from|on|stories|news|in)"
    r"|most (?:read|popular|viewed)|trending|you (?:may|might)|see also|also read|don['’]t miss|up next"
    r"|latest|popular|previous|next|older|newer|top stories|click here|(?:view|see) all|show more|load more"
    r"|tags?:|topics|filed under|categor\w+",
    "navigation": r"skip to|menu|search|home|contact(?: us)?|about(?: us)?|careers|sitemap|back to top|navigation|help"
    r"|faq|settings|edition|sections|browser|javascript|loading|close",
    "credit": r"photos?|images?|pictured?|video|gallery|getty|credit|courtesy|watch|caption|slideshow|screenshot|via",
    "stamp": r"posted|published|updated|min(?:ute)?s? read|(?:minute|hour|day|week)s? ago|last modified|written by|by"
    r"|staff (?:writer|reporter)|author|editor|\d{1,2}[:.]\d\d(?: ?[ap]\.?m)?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}"
    r"|(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.? \d{1,2}",
}


def word_f1(found: str, marked: str) -> float:
    """F1 over words counted with repetition, lower-cased."""
    a, b = (Counter(re.findall(r"\w+", text.lower())) for text in (found, marked))
    return 2 * (a & b).total() / max(a.total() + b.total(), 1)


def labels(lines: list[str], article: str) -> np.ndarray:
    """Which lines belong to the article: more than half of their words are aligned with its words."""
    words = [(word, i) for i, line in enumerate(lines) for word in re.findall(r"\w+", line.lower())]
    aligned, total = np.zeros(len(lines)), np.zeros(len(lines))
    for _, i in words:
        total[i] += 1
    matcher = difflib.SequenceMatcher(None, [w for w, _ in words], re.findall(r"\w+", article.lower()), autojunk=False)
    for start, _, size in matcher.get_matching_blocks():
        for _, i in words[start : start + size]:
            aligned[i] += 1
    return aligned > total / 2


def judged_lines(text: str) -> list[str]:
    """The lines that the rules leave for the model to judge."""
    return [line for _, line in cleaning.after_rules(text, [])]


def fitted(pages: list[tuple[cleaning.Columns, np.ndarray]]) -> dict[str, float]:
    """Weights by feature, and `intercept`, for features as they are (their scaling is folded in)."""
    names = list(pages[0][0])
    columns = np.vstack([np.column_stack([features[name] for name in names]) for features, _ in pages])
    belongs = np.concatenate([belongs for _, belongs in pages])
    each = np.concatenate([np.full(len(belongs), 1 / len(belongs)) for _, belongs in pages])
    scaling = StandardScaler().fit(columns)
    regression = LogisticRegression(C=REGULARISATION, max_iter=5000)
    regression.fit(scaling.transform(columns), belongs, sample_weight=each / each.mean())
    weights = regression.coef_[0] / scaling.scale_
    return {name: round(weight, 3) for name, weight in zip(names, weights, strict=True)} | {
        "intercept": round(regression.intercept_[0] - weights @ scaling.mean_, 3)
    }


def write_model(weights: dict[str, float]) -> None:
    weights = dict(weights)
    model = {"stop_words": STOP_WORDS, "phrases": PHRASES, "intercept": weights.pop("intercept", 0), "weights": weights}
    (MODELS / "cleaning.json").write_text(json.dumps(model, indent=1, ensure_ascii=False) + "\n", "utf-8")
    cleaning.model.cache_clear()
    cleaning.phrase_pattern.cache_clear()


def main() -> None:
    records = [json.loads(line) for line in (GOLD / "cleaning.jsonl").read_text("utf-8").strip().split("\n")]
    write_model({})
    lines = [judged_lines(record["dirty"]) for record in records]
    pages = [
        (features, labels(page, record["clean"]))
        for page, record in zip(lines, records, strict=True)
        if (features := cleaning.features(page))
    ]
    fold = np.random.default_rng(0).permutation(len(records)) % FOLDS
    in_model = np.array([bool(cleaning.features(page)) for page in lines])
    scores = np.zeros(len(records))
    for held_out in range(FOLDS):
        write_model(fitted([page for page, f in zip(pages, fold[in_model], strict=True) if f != held_out]))
        for i in np.flatnonzero(fold == held_out):
            scores[i] = word_f1(cleaning.clean(records[i]["dirty"])[0], records[i]["clean"])
    write_model(fitted(pages))
    rng = np.random.default_rng(1)
    low, high = np.quantile(rng.choice(scores, (2000, len(scores))).mean(axis=1), [0.025, 0.975])
    (MODELS / "cleaning.md").write_text(
        CARD.format(
            n=len(records),
            lines=sum(map(len, lines)),
            folds=FOLDS,
            f1=scores.mean(),
            low=low,
            high=high,
            median=np.median(scores),
            day=date.today(),
        ),
        "utf-8",
    )
    print(f"word F1, {FOLDS}-fold by page, n = {len(records)}: {scores.mean():.3f} [{low:.3f}, {high:.3f}]")


CARD = """# cleaning.json: which lines of a saved page are the article

A logistic regression over {lines} lines of {n} web pages of 2018 and 2019 (article-extraction-benchmark, Zyte, MIT
licence), each page weighing the same. A line is labelled by aligning the page's words with those of the article body
marked by hand. Trained {day} by `training/cleaning.py`; only weights, common words and template phrases are stored.

Used only on texts of at least 20 lines fewer than half of which are prose (sentences of eight words or more).

Word F1 of the cleaned page with the article, {folds}-fold cross-validation by page, rules of `cleaning.tsv` included:
{f1:.3f} (95 % interval {low:.3f} to {high:.3f}, median {median:.3f}).

Not learned: headlines (in this corpus they are not part of the body), tables, lists of links that are the article. One
page in eight is not in English. A Japanese or Chinese character counts as a third of a word.
"""

if __name__ == "__main__":
    main()
