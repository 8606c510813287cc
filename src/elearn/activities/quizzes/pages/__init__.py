"""HTML faces of quizzes: learners and authors."""
