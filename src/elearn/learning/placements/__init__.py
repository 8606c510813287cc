"""Placements: internship, secondment, benchmarking and exchange at a partner's, signed there by a host supervisor.

Words: a *partner* is an institution with which there are *agreements*; a *placement* is one person's time there; its
*logbook* has an entry a day; the *host* supervises there and signs by a one-time link, without an account;
the *proof* is a confirmed placement as a PDF. A confirmation may be *taken back*; what is changed after the host signed
makes the signature *void*.
Announces: PlacementConfirmed, ConfirmationTakenBack.
"""
