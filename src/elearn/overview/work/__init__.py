"""Work: the pages of long work, whatever package asked for it.

Words: a *job* is one piece of work; only who asked for it sees it.
"""
