"""The demo: a plainly fictitious regency with people in every role, so that each page shows something."""
