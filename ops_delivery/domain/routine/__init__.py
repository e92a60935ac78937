"""Routine operation: when it falls due, what a reading says, where a value is heading, what was agreed and is left.

Written for clauses 6.2, 8.3 and 5.3.a.
"""
