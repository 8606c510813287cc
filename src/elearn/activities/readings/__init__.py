"""Readings: lessons in Markdown with practice questions and exercises.

Words: a *practice* question is ungraded and explained after answering; an *exercise* is a text the learner writes
and then compares with a model answer and a check list.
"""
