"""Clause evidence: for an agreement and a period, every clause of a specification with the records that prove it.

catalogue (the clauses), definitions (what proves them), scope (an agreement and its versions in a period), routes (from a record to its
agreement, as conditions of queries), scan (the records found, in sets), snapshots (computed, kept, told anew by night), exemptions
(not applicable, with a reason and a review), reading (what a reader may learn of it), next_steps (what to do about a gap).
"""
