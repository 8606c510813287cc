"""HTML faces of certificates, by audience."""
