"""Activities: the things one does in a course; one package a kind."""
