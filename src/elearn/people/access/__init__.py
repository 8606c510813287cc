"""Access: who acts, and what roles allow.

Words: an *actor* is a signed-in person, a token's owner or the system itself; a *permission* is a thing one may do;
a *scope* is the part of the unit tree where an OPD admin may do it, or which a head sees.
"""
