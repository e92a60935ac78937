"""Sites from before there was a Role Profile for administrators."""

from ops_delivery.setup import seeds


def execute():
	"""Plant what was never planted here."""
	seeds.plant_administrator()
