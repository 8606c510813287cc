"""Banks: the questions of the courses that one teaches, found, written, pasted and retired.

Words: a question *stands* in its bank until it is *retired*; a *result* says how often it was asked and answered right.
Announces: BankNarrowed.
"""
