"""Reports: completions by course, unit, person and period; the same rows on the screen and in every file."""
