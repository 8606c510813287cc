"""HTML faces of readings: learners and authors."""
