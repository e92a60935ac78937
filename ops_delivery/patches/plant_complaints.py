"""Sites from before complaints: the role, the clocks, policies and notices, and the words they begin with."""

from ops_delivery.setup import notifications, roles, seeds


def execute():
	"""Plant what was never planted here."""
	roles.make()
	seeds.plant_complaints()
	notifications.seed_notifications()
