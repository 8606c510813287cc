"""Imports: people from CSV and XLSX; map columns, check without writing, apply as a job, report each refused row.

Words: a *roster* is an uploaded file of people; a row is new, changed, the same or refused.
"""
