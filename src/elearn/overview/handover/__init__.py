"""Handover: what goes to SIASN, what would be refused there and why, and what SIASN has already.

Words: a record *leaves* in a *bundle*, once; it is *refused* while SIASN would not take it; what a correction changed
leaves again as a *replacement*; what it made nothing, or whose certificate was revoked, is to be *deleted* there.
"""
