"""Reorganisation: the unit tree from CSV and XLSX; checked without writing, then written as a whole.

Words: a *draft* is what one row says of one unit; it is new, changed, closed, the same or refused. A unit that is not
in the file stays as it is.
"""
