"""Certificates: PDF with QR code and code, public verification; issued one by one, in bulk, or in place of another.

Words: a certificate that is taken back is *revoked*; its *replacement* has a new number and code and names it. An
enrolment has one that counts at most.
"""
