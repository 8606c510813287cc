"""HTML faces of the directory: people, users and roles, units, sheets of codes."""
