"""Machines that report by themselves: sources, their readings and their alerts (6.2.b, 5.3.b)."""
