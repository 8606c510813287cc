"""Backup: the database and the stored files in one file, made while the server runs, checked before it is used.

Words: an *archive* is that file, a ZIP that ends in the hash of all the rest; a *part* is one entry of it; the
*manifest* names every part with its size and hash.
"""
