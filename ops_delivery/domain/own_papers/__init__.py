"""The organization's own papers: what a Word template may say, and where in it something else stands (8.2.e)."""
