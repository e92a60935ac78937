"""Sites whose portal was on before its page of deliverables had an entry in the menu."""

from ops_delivery.services.portal import switch


def execute():
	"""May run again: an entry that is there is left as it is."""
	switch.put_up(switch.DELIVERABLES)
