"""Routine operation: when it falls due, what a reading says, where a value is heading.

Written for clauses 6.2 and 8.3.
"""
