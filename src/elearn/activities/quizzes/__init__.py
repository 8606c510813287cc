"""Quizzes: attempts that cannot lose an answer.

Words: an *attempt* is one try at a quiz with questions drawn for it; its *deadline* is the server's; each answer has a
*revision*; *release* is the moment from which keys and explanations may be seen; an *allowance* gives one person more
time or attempts; a *draw* takes questions at random from a bank; what is written for one quiz stands
in a bank of its own.
"""
