"""Routine operation: manuals, schedules, the tasks they make, and readings (6.2)."""
