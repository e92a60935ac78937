"""What goes beyond an agreed amount: a superior is asked before it is done where the agreement says so (5.3.a).

Nothing is held up by it: work that cannot wait is done, marked as extra, and the request stays to be answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import frappe
from frappe import _
from frappe.utils import cint, get_datetime, get_fullname, getdate

from ops_delivery.domain.events import WorkBegins
from ops_delivery.services.agreements import amounts
from ops_delivery.services.amounts import ledger, sources
from ops_delivery.services.amounts.ledger import Drawn
from ops_delivery.services.amounts.sources import TASK, Take, Work
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits import superior_requests as requests
from ops_delivery.services.visits.types import REQUEST


def ask_first(event: WorkBegins) -> None:
	"""Reaction: what is prepared or begun would go beyond; the superior is asked, and whoever prepares it is told."""
	work = ahead(event.doctype, event.name)
	takes = sources.takes([work]) if work else []
	_ask(event.doctype, event.name, [(take, extra) for take in _asked(takes) if (extra := ledger.beyond(take, held=False))])


def after(drawn: Iterable[Drawn]) -> None:
	"""What was done beyond the amount: asked now, if nobody was asked before."""
	by_record: dict[tuple[str, str], list[tuple[Take, Decimal]]] = {}
	for take, extra in drawn:
		if extra and _asked([take]) and take.work.doctype != sources.TIMESHEET:
			by_record.setdefault((take.work.doctype, take.work.name), []).append((take, extra))
	for (doctype, name), found in by_record.items():
		_ask(doctype, name, found)


def ahead(doctype: str, name: str) -> Work | None:
	"""What a visit, session or task will take, as far as that is known before."""
	doc = frappe.get_doc(doctype, name)
	if not doc.agreement:
		return None
	if doctype == TASK:
		return Work(doctype, name, "", doc.agreement, site_now().date(), kind=doc.kind)
	hours = 0.0
	if doc.planned_start and doc.planned_end:
		seconds = (get_datetime(doc.planned_end) - get_datetime(doc.planned_start)).total_seconds()
		hours = max(0.0, seconds) / 3600 * max(1, len(doc.engineers))
	day = getdate(doc.planned_start) if doc.planned_start else site_now().date()
	return Work(doctype, name, "", doc.agreement, day, hours, content=doc.service_content)


def _asked(takes: Iterable[Take]) -> list[Take]:
	return [take for take in takes if take.row.beyond == amounts.ASK_FIRST and not cint(take.row.unlimited)]


def _ask(doctype: str, name: str, found: list[tuple[Take, Decimal]]) -> None:
	if not found or frappe.db.exists(
		REQUEST, {"reference_doctype": doctype, "reference_name": name, "kind": requests.BEYOND, "state": ["!=", requests.WITHDRAWN]}
	):
		return
	question = "; ".join(
		_("{0} ({1}): {2} beyond what was agreed").format(
			take.row.title, amounts.sentence(take.row), amounts.so_many(take.row, extra)
		)
		for take, extra in found
	)
	superior = _superior(found[0][0].version.owner)
	if not superior:
		frappe.msgprint(_("{0}. Nobody can be asked: it will be marked as extra.").format(frappe.utils.escape_html(question)), indicator="orange")
		return
	requests.ask_beyond(frappe.get_doc(doctype, name), question, superior)
	frappe.msgprint(
		_("{0}. {1} was asked; work that cannot wait may be done, and is marked as extra.").format(
			frappe.utils.escape_html(question), frappe.bold(frappe.utils.escape_html(get_fullname(superior)))
		),
		title=_("Beyond the agreement"),
		indicator="orange",
	)


def _superior(in_charge: str | None) -> str | None:
	"""The person in charge of the agreement, else another who manages delivery; never whoever does it themselves."""
	possible = [row["value"] for row in requests.superiors()]
	return in_charge if in_charge in possible else next(iter(possible), None)
