"""Search: finds courses, lessons and documents by Indonesian words."""
