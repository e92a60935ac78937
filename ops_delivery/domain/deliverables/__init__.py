"""Deliverables: their life, when a promised one is due, and what a result must show (5.3.e, 8.2)."""
