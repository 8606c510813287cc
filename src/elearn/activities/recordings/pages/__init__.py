"""HTML faces of recordings: of learners and of instructors."""
