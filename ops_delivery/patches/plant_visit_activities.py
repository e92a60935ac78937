"""Sites from before Timesheets of visits: the Activity Types they begin with."""

from ops_delivery.setup import seeds


def execute():
	"""Plant what was never planted here."""
	seeds.plant_visits()
