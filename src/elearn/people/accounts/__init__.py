"""Accounts: people, how they sign in, their sessions, roles, tokens and codes.

Words: a *person* has an account as soon as he or she is known; an *activation code* gives the first access, a *reset*
code a new one; a *session* is one signed-in browser; a *placement* is where somebody serves and as what, since a day
(its TMT). Announces: PeopleChanged.
"""
