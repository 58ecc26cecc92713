"""Notebooks become pages, rendered again only where something changed; `render` has the functions."""
