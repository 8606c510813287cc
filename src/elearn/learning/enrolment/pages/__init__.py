"""HTML faces of enrolment, by audience."""
