"""The customer's pages (6.3.f, 6.3.g, 6.3.j)."""
