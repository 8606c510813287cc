"""Exports: what a file about people asks for before it leaves, whatever it is about; long workbooks are made by jobs.

Words: a file's *size* is how many rows it has and how many people it is about; beyond 500 people it asks for a reason
and the password. A *book* is a workbook so long that a job makes it.
"""
