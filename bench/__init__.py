"""Measures elearn against a bare application on the same machine in the same run: `make bench`.

Words: *REF* is that bare application (`reference.py`); a *slice* is a short spell of requests to one page. Slices of
REF and of elearn take turns, so that what else the machine does falls on both.
"""
