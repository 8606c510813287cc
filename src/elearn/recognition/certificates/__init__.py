"""Certificates: the PDF that proves a completed course, its number, its public verification, its revocation."""
