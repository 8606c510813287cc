"""Participants: who is in a course, who lags behind, and which questions are too hard or do not tell anything.

For the course's instructors and the regency's admin.

Words: a *participant* is a person with an active enrolment, as those who teach the course see it.
"""
