"""Outcomes: the classes of a year in which one's own people are, and what became of each of them."""
