"""HTML faces of sessions and attendance, by audience."""
