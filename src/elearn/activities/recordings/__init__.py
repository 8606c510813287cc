"""Recordings: video and audio in the browser's own player, with captions, transcript and resume position."""
