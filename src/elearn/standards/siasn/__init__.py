"""SIASN: BKN's national record of training, in its own words.

Words: a *record* is one line of somebody's history as SIASN wants it, `kursus` or `diklat` by its form.
"""
