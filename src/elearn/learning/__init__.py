"""Learning: who learns what, and how far they are."""
