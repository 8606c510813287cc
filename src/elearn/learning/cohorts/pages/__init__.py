"""HTML faces of classes, by audience."""
