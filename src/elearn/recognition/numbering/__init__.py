"""Numbering: how the numbers of certificates are made, per organiser and year, without gaps.

Words: a *scheme* is a pattern such as `800.2/{running:04}/BKPSDM/{month_roman}/{year}`; its running number begins again
each year. Where no scheme fits, the prefix of the settings numbers.
"""
