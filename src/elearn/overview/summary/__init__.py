"""Summary: does the regency, or a head's part of it, learn? Four numbers, the units, twelve months, on one page.

Words: a *trend* is the JP recognised month by month.
"""
