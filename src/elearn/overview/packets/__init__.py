"""Packets: the certificates of a class or of a course in one ZIP, for those who run it.

Words: a *packet* holds the PDFs of certificates that count, and a list of all people with why somebody's is not there.
"""
