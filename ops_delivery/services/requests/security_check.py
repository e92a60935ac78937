"""Before a result is offered: people, operations, data and tools met the agreement's security terms, where it asks (6.3.h)."""

from __future__ import annotations

from frappe import _

from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.requests.triage import refuse_missing


def require(doc) -> None:
	"""frappe.ValidationError where the agreement of an Issue asks for the check and nobody has noted that it was made."""
	if agreements.terms(doc.ops_agreement).security_check_required and not doc.ops_security_checked:
		refuse_missing(
			_("People, operations, data and tools met the security terms"),
			_("The agreement asks for this check before a result is offered."),
		)
