"""Enrolment: who takes which course, by one's own wish or enrolled by an admin with a due date.

Words: an *enrolment* joins one learner to one course; it is active until withdrawn; a *batch* is what an admin enrols
at once; *due* is the admin's day, a course's closing day binds everybody.
Announces: LearnerEnrolled, LearnerReturned, LearnerWithdrew.
"""
