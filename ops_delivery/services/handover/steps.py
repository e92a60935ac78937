"""Handing a matter over to another service content (6.2.d, 6.3.i, 6.4.g, 6.5.f).

A Service Handover carries the facts of the record it came from and names the record that goes on with it. It is done
when that record is done.
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, get_link_to_form, strip_html

from ops_delivery.domain import moves
from ops_delivery.domain.events import HandoverMoved
from ops_delivery.domain.states import ISSUE_ENDED
from ops_delivery.permissions import steps, switches
from ops_delivery.services.handover import facts as handover_facts
from ops_delivery.services.handover import targets as handover_targets
from ops_delivery.services.scope import record_parties
from ops_delivery.services.shared import due_dates, events

CONTENTS = (
	"Routine Operation",
	"Response Support",
	"Optimization and Improvement",
	"Consultation and Evaluation",
)
# the record types a matter may be handed over from by the dialog of their form
SOURCES = (
	"Issue",
	"Task",
	"Project",
	"Delivery Plan",
	"Delivery Activity",
	"Optimization Plan",
	"Consulting Plan",
	"Consulting Report",
	"Consulting Recommendation",
	"Service Leftover",
	"Routine Finding",
)
SAVEPOINT = "ops_open_next"
DONE = {
	"Optimization Plan": ("Closed",),
	"Consulting Plan": ("Completed",),
	"Task": ("Completed",),
	"Project": ("Completed",),
	"Issue": ISSUE_ENDED,
	"Maintenance Schedule": (),
	"Maintenance Visit": (),
}
def open(
	source_doctype: str,
	source_name: str,
	service_content: str,
	subject: str,
	owner: str | None = None,
	due: str | None = None,
	note: str = "",
	by_rule: bool = False,
) -> str:
	"""Open a handover with the source's facts; its name. The source's timeline says so. `by_rule`: not for the session's user.

	frappe.ValidationError for an unknown service content or an empty subject, naming the field.
	"""
	if service_content not in CONTENTS:
		frappe.throw(
			_("Service Content: {0} is not known. Choose one of: {1}").format(
				frappe.bold(escape_html(service_content)), ", ".join(_(content) for content in CONTENTS)
			)
		)
	if not strip_html(subject or "").strip():
		frappe.throw(_("Subject: say in a few words what is handed over."))
	source = frappe.get_doc(source_doctype, source_name)
	handover = frappe.get_doc(
		{
			"doctype": "Service Handover",
			"subject": subject.strip()[:140],
			"service_content": service_content,
			"owner_user": owner,
			"due_date": due,
			"customer": record_parties.customer_of(source),
			"service_object": record_parties.object_of(source),
			"source_doctype": source_doctype,
			"source_name": source_name,
			"facts": handover_facts.of(source, note),
		}
	)
	steps.take(handover).insert(ignore_permissions=by_rule)
	source.add_comment(
		"Info",
		_("handed over to {0}: {1}").format(
			_(service_content), get_link_to_form("Service Handover", handover.name)
		),
	)
	if owner and owner != frappe.session.user:
		handover_targets.assign(handover, owner)
	return handover.name


def open_next(
	source_doctype: str,
	source_name: str,
	service_content: str,
	subject: str,
	target_doctype: str,
	owner: str | None = None,
	due: str | None = None,
	note: str = "",
) -> dict[str, str]:
	"""Open a handover and at once the record that carries the matter on: {doctype, name, handover}; both or neither."""
	frappe.db.savepoint(SAVEPOINT)
	try:
		name = open(source_doctype, source_name, service_content, subject, owner, due, note)
		return {**start(name, target_doctype), "handover": name}
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)
		raise


def contents_from(doctype: str) -> list[str]:
	"""The service contents a matter may be handed over to from that record type: all but the one it is part of."""
	own = {
		"Issue": "Response Support",
		"Optimization Plan": "Optimization and Improvement",
		"Consulting Plan": "Consultation and Evaluation",
	}.get(doctype)
	return [content for content in CONTENTS if content != own]


def validate(doc) -> None:
	"""The rules of a handover's own life; called by its controller on every way in."""
	before = doc.get_doc_before_save()
	was = before.state if before else "Proposed"
	if before and not moves.may_follow(moves.HANDOVER, was, doc.state):
		frappe.throw(
			_("State: a handover that is {0} cannot become {1}. Possible: {2}").format(
				*(_(state, context="Service Handover") for state in (was, doc.state)),
				", ".join(_(state, context="Service Handover") for state in moves.HANDOVER[was]),
			)
		)
	if doc.state == "Declined" and not (doc.answer or "").strip():
		frappe.throw(_("Answer: say why the handover is declined; whoever asked will read it."))
	if doc.state in ("Started", "Done") and not doc.target_name:
		frappe.throw(
			_(
				"Record: a handover that is {0} names the record it is carried on in. Use Start, or choose one."
			).format(_(doc.state, context="Service Handover"))
		)
	if doc.target_name and (doc.target_doctype, doc.target_name) == (doc.source_doctype, doc.source_name):
		frappe.throw(_("Record: the matter cannot be carried on in the record it came from. Choose another."))
	due_dates.check(doc, before)


def start(name: str, target_doctype: str, target_name: str | None = None, by_rule: bool = False) -> dict[str, str]:
	"""Carry a handover on in a new record of that type, or in an existing one: {doctype, name} of it.

	The user's own permissions decide whether the record may be made or linked; `by_rule` a rule has decided.
	"""
	handover = frappe.get_doc("Service Handover", name)
	if not by_rule:
		handover.check_permission("write")
	if handover.target_name and handover.state != "Declined":
		frappe.throw(
			_("{0} is already carried on in {1}.").format(
				name, get_link_to_form(handover.target_doctype, handover.target_name)
			)
		)
	if target_name:
		target = frappe.get_doc(target_doctype, target_name)
		target.check_permission("read")
	else:
		target = handover_targets.make(handover, target_doctype, by_rule)
	handover.update({"target_doctype": target.doctype, "target_name": target.name, "state": "Started"})
	steps.take(handover).save(ignore_permissions=by_rule)
	target.add_comment(
		"Info",
		_("carries on {0}, handed over by {1}").format(
			get_link_to_form(handover.source_doctype, handover.source_name) if handover.source_name else "",
			get_link_to_form("Service Handover", handover.name),
		),
	)
	return {"doctype": target.doctype, "name": target.name}


def tell(doc) -> None:
	"""After a handover was saved: whoever wants to know where it stands."""
	before = doc.get_doc_before_save()
	if not before or any(before.get(name) != doc.get(name) for name in ("state", "target_name", "answer")):
		events.tell(
			HandoverMoved(
				*(doc.name, doc.source_doctype, doc.source_name, doc.target_doctype, doc.target_name),
				ended=doc.state in ("Done", "Declined"),
				answer=doc.answer or "",
			)
		)


def follow(doc, _method: str | None = None) -> None:
	"""doc_events of the target types: when the record is done, so is the handover. Queries only at that moment."""
	if not switches.uses("Service Handover") or not doc.has_value_changed("status"):
		return
	if doc.status in DONE.get(doc.doctype, ()):
		_finish(doc.doctype, doc.name, doc.status)
	if doc.doctype == "Task" and doc.project and doc.status in ("Completed", "Cancelled"):
		# its last task ends a project without saving it
		status = frappe.db.get_value("Project", doc.project, "status")
		if status in DONE["Project"]:
			_finish("Project", doc.project, status)


def _finish(doctype: str, name: str, status: str) -> None:
	for found in frappe.get_all(
		"Service Handover",
		filters={"target_doctype": doctype, "target_name": name, "state": "Started"},
		pluck="name",
		order_by="name",
	):
		handover = frappe.get_doc("Service Handover", found)
		handover.state = "Done"
		handover.answer = handover.answer or _("{0} {1} is {2}").format(_(doctype), name, _(status))
		steps.take(handover).save(ignore_permissions=True)
