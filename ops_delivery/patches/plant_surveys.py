"""Sites from before surveys: the templates, rules and messages they begin with."""

from ops_delivery.setup import notifications, seeds


def execute():
	"""Plant what was never planted here."""
	seeds.plant_surveys()
	notifications.seed_notifications()
