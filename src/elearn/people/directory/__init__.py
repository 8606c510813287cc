"""Directory: people and units as the admins who look after them see and change them.

Words: a *sheet* holds new access codes for many people; only its maker may see it, for a day; to *help* somebody is to
give a new way in, which `accounts.rules.may_help` allows.
"""
