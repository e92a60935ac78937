"""What becomes a line of the access log of deliverables, noted where the rule of the class is asked (8.2.c.2).

A refusal takes back all that its request wrote. So lines wait until the request or job is over (services/deliverables/access_log.py).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe

from ops_delivery.permissions import secrecy

OPENED, PRINTED, DOWNLOADED, MAILED, REFUSED = "Opened", "Printed", "Downloaded", "Mailed", "Refused"


class Line(NamedTuple):
	"""Who did what with which deliverable, of which class at that moment; `what`: the file, the address, what was refused."""

	deliverable: str
	security_class: str
	act: str
	user: str
	what: str


def note(doc: Any, act: str, what: str = "", user: str | None = None) -> None:
	"""Note that somebody did something with a deliverable, or was refused, where its class keeps a log. Once a request."""
	if doc.doctype in secrecy.REPORTS:  # the log is about deliverables: what is done with a report is noted of its own
		what = " ".join(filter(None, (doc.name, what)))
		if not (doc := secrecy.stored(secrecy.DELIVERABLE, doc.get("deliverable"))):
			return
	if not secrecy.rule_of(doc.get("security_class")).logged:
		return
	line = Line(doc.name, doc.security_class, act, user or frappe.session.user, what[:140])
	if line not in (waiting := noted()):
		waiting.append(line)


def noted() -> list[Line]:
	"""The lines that wait."""
	if getattr(frappe.local, "ops_access_lines", None) is None:
		frappe.local.ops_access_lines = []
	return frappe.local.ops_access_lines
