"""Teaching: what is taught."""
