"""Editions: a course that is held again, as a new course with all that the old one teaches and nobody in it.

Words: an *edition* is a copy of a course as a draft of its own; its *source* is the course that it was copied from.
"""
