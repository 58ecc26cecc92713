"""A file becomes a `Document`: an article's text, its metadata, and an account of what was left out."""

from workbench.documents.copies import duplicates, near, sketch_of
from workbench.documents.document import Document, DocumentError, InputError, is_document, one_of
from workbench.documents.files import closed, container, files, located
from workbench.documents.reading import Unread, parts, read, read_all, told_apart, unread

__all__ = [
    "Document",
    "DocumentError",
    "InputError",
    "Unread",
    "closed",
    "container",
    "duplicates",
    "files",
    "is_document",
    "located",
    "near",
    "one_of",
    "parts",
    "read",
    "read_all",
    "sketch_of",
    "told_apart",
    "unread",
]
