"""Routine operation: when it falls due, what a reading says, where a value is heading, what was agreed and is left (6.2, 8.3, 5.3.a)."""
