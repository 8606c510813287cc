"""HTML faces of documents: of learners and of instructors."""
