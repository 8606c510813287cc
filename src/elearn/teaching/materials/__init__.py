"""Materials: files of a course: uploads told by content, page images of PDFs, pictures, video, audio, captions.

Words: a *material* is one stored file; its *pages* are images of a PDF's pages with their text.
Announces: MaterialReady.
"""
