"""Scripts of the developers: the browser of the tests, the drawing of the architecture."""
