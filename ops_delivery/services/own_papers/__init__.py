"""The organization's own papers: Word templates that administrators upload, filled in with a record (8.2.e, 8.4.b.1)."""
