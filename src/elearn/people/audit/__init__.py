"""Audit: who did what to whom, written in the same transaction as the deed.

Words: an *entry* names the actor, the deed, its object and the protected fields before and after.
"""
