"""A file becomes a `Document`: an article's text, its metadata, and an account of what was left out."""

from workbench.documents.copies import duplicates
from workbench.documents.document import Document, DocumentError
from workbench.documents.reading import Unread, located, read, read_all, unread

__all__ = ["Document", "DocumentError", "Unread", "duplicates", "located", "read", "read_all", "unread"]
