"""Foundation: knows nothing of learning; could serve another product."""
