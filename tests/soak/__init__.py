"""Long tests that are no part of the suite: many people at once, and a server that is killed again and again."""
