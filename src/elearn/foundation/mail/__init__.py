"""Mail: sending plain text to one person, over SMTP or, where none is set, to the log only."""
