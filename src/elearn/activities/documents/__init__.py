"""Documents: a PDF as page images with text and the original; office files to download."""
