"""Duties: how far people are with a programme, by unit and by name, who is late, and a text to remind them with.

Words: a duty is *late* when it is open after its due day; the *chase* is the text that an admin pastes into a group.
"""
