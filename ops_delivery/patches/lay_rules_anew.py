"""The rules of our roles on the host's DocTypes are noted, and those that nobody needs are taken away."""

from ops_delivery.setup import host_rules


def execute() -> None:
	host_rules.adopt()
	host_rules.withdraw(but=host_rules.needed())
