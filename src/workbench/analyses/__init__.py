"""The four analyses; each names in its own door, or in its rooms, what others may use."""
