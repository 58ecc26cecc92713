"""A text becomes paragraphs, sentences and a parse, remembered for as long as its document lives."""

from workbench.language.memory import per_document
from workbench.language.model import DEFAULT_MODELS, ModelError, memory, model_name, pipeline, stop_words
from workbench.language.parsing import STEPS, Tokens, annotate, parse, sentence_spans, tokens
from workbench.language.sentences import ABBREVIATIONS, TITLES, paragraphs, parted, sentences, word_lists

__all__ = [
    "ABBREVIATIONS",
    "DEFAULT_MODELS",
    "STEPS",
    "TITLES",
    "ModelError",
    "Tokens",
    "annotate",
    "memory",
    "model_name",
    "paragraphs",
    "parse",
    "parted",
    "per_document",
    "pipeline",
    "sentence_spans",
    "sentences",
    "stop_words",
    "tokens",
    "word_lists",
]
