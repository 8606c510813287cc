"""Reports: completions by course, unit, person and period; the same rows on the screen and in every file.

Words: a *completion* is a course that a person finished; a *finding* is what a grouped report says in one sentence.
"""
