"""Approvals: what waits for an officer's decision, one after the other, each with its evidence and what it would count.

Words: the *queue* is what waits, oldest first; after each decision the next one is shown.
"""
