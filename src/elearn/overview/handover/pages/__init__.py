"""HTML faces of the handover: what leaves, and what SIASN has already."""
