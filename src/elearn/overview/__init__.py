"""Overview: pages that look across all other packages."""
