"""Amounts that an agreement promises, and what became of them.

Written for clauses 5.3.a and 5.4.a.
"""
