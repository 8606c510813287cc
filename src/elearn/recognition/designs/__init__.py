"""Designs: what stands on a certificate besides the facts, written by the regency's admin.

Words: a *template* serves one course, one organiser or everybody else; each change makes a new *version*, and a
certificate keeps the version it was issued with. A *design* is the content of a version. Texts are data, never code;
`{nama}` and the other *fields* of a text are filled in with the facts; its *logo* is a picture in the store.
"""
