"""Deliverables: results compiled, reviewed, published, archived and destroyed, and those an agreement promises (5.3.e, 8.2)."""
