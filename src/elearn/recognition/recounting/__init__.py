"""Recounting: what lines of the account are worth under a form's newer rule, looked at first and then written.

Words: a *recount* is one form's lines of one open year, counted again; its *changes* are the lines that would be worth
something else, *planned* until they are *written* as correcting lines; one is *stale* if its account moved meanwhile.
"""
