"""Standards: what others specified, and how it is exchanged with them."""
