"""Service reports: what a period of an agreement comes to, section by section (8.2.d, 8.3.b.5)."""
