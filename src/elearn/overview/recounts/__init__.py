"""Recounts: the pages of counting a form's JP again, with the list behind each number and its file."""
