"""Questions: banks of questions by topic, their versions, their text form, and grading.

Words: a *bank* belongs to a course; a *question* has *versions*, of which the newest is current; a running attempt
keeps the version that it drew.
"""
