"""Class lists: who is in a class, with attendance at each session and results, as a file."""
