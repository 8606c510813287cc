"""Attendance: the sessions of a class, who was there, and everybody's own calendar.

Words: a *session* is one meeting of a class; *checking in* notes that a participant is there: by QR, by code, on the
organiser's list, from the signed sheet or from a file; a *step* is the half minute for which a code is shown; the
*feed* is a person's calendar for programs, with a secret address.
Announces: AttendanceCorrected.
"""
