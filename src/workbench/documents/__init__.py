"""A file becomes a `Document`: an article's text, its metadata, and an account of what was left out."""

from workbench.documents.copies import duplicates
from workbench.documents.document import Document, DocumentError, is_document
from workbench.documents.reading import Unread, located, read, read_all, unread

__all__ = ["Document", "DocumentError", "Unread", "duplicates", "is_document", "located", "read", "read_all", "unread"]
