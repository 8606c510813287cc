"""Organisation: the tree of units (OPD) to any depth, with its history.

Words: a *unit* is an OPD or any part of it; its *path* is the ids from the root, like `/1/5/9/`; a unit's *subtree*
is itself and everything below; a unit that is *closed* has a last day and stays for the records.
Announces: TreeChanged.
"""
