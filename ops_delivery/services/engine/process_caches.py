"""What this process keeps of rules that cannot change: compiled calendars, policies, terms, versions.

A name that comes to mean something else (an uninstall, a test whose transaction is taken back) needs them forgotten.
"""

from __future__ import annotations

from ops_delivery.permissions import secrecy
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.rules import calendars
from ops_delivery.services.rules import policy_reading as policies
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.scope import active_rules as every_save


def forget_all() -> None:
	"""Drop everything; it is read again when it is asked for."""
	agreements.forget_kept()
	policies.forget_kept()
	calendars.forget_compiled()
	versions.forget_kept()
	every_save.forget_kept()
	secrecy.forget_kept()
