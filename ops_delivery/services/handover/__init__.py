"""Handing a matter over to another service content, and what came of it (6.2.d, 6.3.i)."""
