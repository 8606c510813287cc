"""Renewals: a completed course that is completed once more, beside the first completion, which stays as it is.

Words: a *renewal* is open while somebody owes a course anew, and done on the day of `renewed_at`; its *way* is the last
*test* passed again or, for a course without one, all required *steps* done again since the renewal began.
Announces: CourseRenewed.
"""
