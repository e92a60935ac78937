"""Service Reports: the figures of a period, laid open as values that are stored, shown and compared (8.2.d, 8.3.b.5)."""
