"""Content: courses that live as files are brought into the database, without touching anybody's progress.

Words: to *sync* is to make the database's course equal to its folder; stable keys tell what is the same thing.
"""
