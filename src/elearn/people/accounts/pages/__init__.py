"""HTML face of accounts: signing in, first access, one's own profile."""
