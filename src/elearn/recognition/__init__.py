"""Recognition: what learning has earned."""
