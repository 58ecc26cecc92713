"""The public names, by wing. `__init__.py` imports a name's room when it is first used."""

from .analyses.entities.table import (
    entities as entities,
    together as together,
    who_on_whom as who_on_whom,
)
from .analyses.quotations import quotations as quotations, sources as sources
from .analyses.readability import (
    COUNTS as COUNTS,
    contributions as contributions,
    counts as counts,
    hard_words as hard_words,
    readability as readability,
)
from .analyses.sentiment import (
    entity_sentiment as entity_sentiment,
    lexicon_agreement as lexicon_agreement,
    sentiment as sentiment,
)
from .corpus import measure_all as measure_all, measure_corpus as measure_corpus
from .corpus.words import collocates as collocates, concordance as concordance
from .display.article import (
    cite as cite,
    first_passages as first_passages,
    left_out as left_out,
    masthead as masthead,
    show as show,
    speakers as speakers,
    validity as validity,
)
from .display.explorer import explore as explore
from .display.overview import overview as overview
from .display.tables import folded as folded
from .documents import (
    Document as Document,
    DocumentError as DocumentError,
    duplicates as duplicates,
    read as read,
    read_all as read_all,
)
from .measurement import findings as findings, measures as measures, word_lists as word_lists
from .reports.render import render as render

__version__: str
