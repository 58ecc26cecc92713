"""The words by which quotations are known, by kind: words.tsv says what each kind is."""

from pathlib import Path

from workbench.language import word_lists

WORDS = word_lists(Path(__file__).with_name("words.tsv"))
