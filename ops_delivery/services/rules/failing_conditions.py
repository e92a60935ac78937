"""Definitions and rules whose condition failed on a record: noted once, told once, until the condition is written anew.

The record's save goes through. A clock whose condition fails stands still (situation.set_aside); a review whose rule fails
is asked for; a survey whose rule fails is not sent. All say so where they are seen, and the health counts them (6.3.b).
"""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.permissions import confidential
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.services.shared import bulk
from ops_delivery.services.shared import job_queue as queueing
from ops_delivery.services.shared import locale as reader
from ops_delivery.services.shared.site_time import site_now

SINCE = "failing_since"
NOTED = (SINCE, "failing_on", "failing_why")
BELL = ("name", "for_user", "type", "subject", "email_content", "document_type", "document_name", "read")


def note(doctype: str, name: str, field: str, record: tuple[str, str], error: Exception) -> None:
	"""Have it noted, after the commit of the save that met it, that a condition of a definition or rule failed."""
	key = (doctype, name)
	told = frappe.flags.ops_failing = frappe.flags.ops_failing or set()
	if key in told:
		return
	told.add(key)
	arguments = {"doctype": doctype, "rule": name, "field": field, "record": list(record), "why": definitions.said(error)}

	def after() -> None:
		told.discard(key)
		try:
			queueing.enqueue("ops_delivery.services.rules.failing_conditions.put_down", queue="short", **arguments)
		except Exception:  # the next record on which it fails tries again
			frappe.logger("ops_delivery").exception(f"{doctype} {name} failed, which could not be noted")

	frappe.db.after_commit.add(after)
	frappe.db.after_rollback.add(lambda: told.discard(key))


def put_down(doctype: str, rule: str, field: str, record: list[str], why: str) -> bool:
	"""Job: note the failure on its definition or rule and tell the administrators; False where it is noted already."""
	row = frappe.db.get_value(doctype, rule, [SINCE, "enabled"], as_dict=True, for_update=True)
	if not row or row[SINCE] or not row.enabled:
		return False
	label = frappe.get_meta(doctype).get_label(field)
	about = _named(*record)
	frappe.db.set_value(
		doctype,
		rule,
		{SINCE: site_now(), "failing_on": about, "failing_why": f"{label}: {why}"[:500]},
		update_modified=False,
	)
	every_save.forget()
	_tell(doctype, rule, label, about, why)
	return True


def written_anew(doc) -> None:
	"""validate of a definition or rule: where its conditions are others now, or it is switched off, nothing is noted of it."""
	before = doc.get_doc_before_save()
	fields = definitions.STORED[doc.doctype]
	if not before:
		doc.update(dict.fromkeys(NOTED))
	elif not doc.enabled or any(cstr(doc.get(name)).strip() != cstr(before.get(name)).strip() for name in fields):
		doc.update(dict.fromkeys(NOTED))
	else:
		doc.update({name: before.get(name) for name in NOTED})


def messages() -> list[str]:
	"""For the health: what fails on some records, since when, and how many clocks stand still because of it."""
	found = []
	for doctype in definitions.STORED:
		for row in frappe.get_all(
			doctype, filters={SINCE: ["is", "set"], "enabled": 1}, fields=["name", *NOTED], order_by="name"
		):
			text = _("{0} {1} fails on some records since {2}, first on {3}: {4}.").format(
				_(doctype), row.name, frappe.format(row[SINCE], "Datetime"), row.failing_on, row.failing_why
			)
			found.append(f"{text} {_consequence(doctype, row.name)}")
	return found


def _consequence(doctype: str, name: str) -> str:
	if doctype == "Clock Definition":
		count = frappe.db.count("Service Clock", {"clock_definition": name, "set_aside": ["is", "set"]})
		return _("{0} clocks stand still because of it. Correct the condition; then they go on.").format(count)
	if doctype == "Review Rule":
		return _("Its review is asked for in any case. Correct the condition.")
	if doctype == "Evidence Definition":
		return _("Those records prove nothing by it. Correct the condition.")
	return _("Nobody is asked by it there. Correct the condition.")


def _named(doctype: str, name: str) -> str:
	"""The record for whoever reads the definition; of what may be hidden from them, the type alone."""
	if doctype == confidential.COMPLAINT or doctype in confidential.NAMES_RECORDS:
		return _(doctype)
	return f"{_(doctype)} {name}"


def _tell(doctype: str, rule: str, label: str, about: str, why: str) -> None:
	"""One line on the desk of each administrator, in their language."""
	rows = []
	for user, language in _administrators():
		with reader.reading(language):
			subject = _("{0} {1} fails on some records and was set aside there").format(_(doctype), rule)
			lines = [
				f"{_(label, context=doctype)}: {why}",
				_("First on {0}. The records were saved.").format(about),
				_consequence(doctype, rule),
			]
			text = "<br>".join(escape_html(line) for line in lines)
			rows.append((frappe.generate_hash(length=10), user, "Alert", escape_html(subject), text, doctype, rule, 0))
	bulk.insert("Notification Log", BELL, rows)


def _administrators() -> list[tuple[str, str]]:
	"""Who looks after the configuration: (user, language)."""
	user, held = frappe.qb.DocType("User"), frappe.qb.DocType("Has Role")
	rows = (
		frappe.qb.from_(user)
		.join(held)
		.on((held.parent == user.name) & (held.parenttype == "User"))
		.select(user.name, user.language)
		.distinct()
		.where((held.role == "System Manager") & (user.enabled == 1))
		.orderby(user.name)
	).run()
	return [(name, language or reader.site_language()) for name, language in rows]
