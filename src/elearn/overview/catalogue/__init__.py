"""Catalogue: which courses there are, found by words and filters, and each course's own page."""
