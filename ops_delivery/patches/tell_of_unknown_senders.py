"""The service desk is told of a request by a service mailbox whose sender no agreement covers."""

from ops_delivery.setup import notifications


def execute():
	"""Plant what was never planted; run again, it finds nothing."""
	notifications.seed_notifications()
