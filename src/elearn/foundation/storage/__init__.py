"""Storage: files of any size under random keys, on the local disk or in an S3 bucket.

Words: a *key* is the random name of one stored file; a file is put once and never changed.
What a file is called, its type and its hash stand in the tables of the packages that own it.
"""
