"""Backup: database, stored files and keys made here in one file, made while the server runs, checked before use.

Words: an *archive* is that file, a ZIP that ends in the hash of all the rest; a *part* is one entry of it; the
*manifest* names every part with its size and hash.
"""
