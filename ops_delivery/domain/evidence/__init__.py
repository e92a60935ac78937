"""Clause evidence: whether the clauses of a specification are proven by records (issue of every clause with its live evidence).

judging (found records -> a verdict with reasons), matrix (counts by chapter, comparison, course), routes (which way leads from a
record to its agreement), spans (the periods of which snapshots are kept).
"""
