"""Cohorts: classes (angkatan), dated runs of a course with a form, a place and a number of seats.

Words: a *cohort* is one run of a course; a *participant* is somebody in it, nominated, waiting, joined, refused or
withdrawn; the *waiting list* moves up when somebody leaves; a *nomination* is an OPD admin's wish that the regency's
admin decides; a *blocker* keeps somebody from passing; a *ruling* is the organiser's decision for many at once.
"""
