"""Sites from before clause evidence: the catalogue of clauses, and what proves them."""

from ops_delivery.setup import seeds


def execute():
	"""May run again: what was planted, edited or deleted since is left as it is."""
	seeds.plant_evidence()
