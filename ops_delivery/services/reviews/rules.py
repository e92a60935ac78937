"""Review Rules: which reviews a document needs before which phase. Records that administrators edit (6.4.b, 6.5.c)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.services.reviews import workflow_states
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.rules import conditions
from ops_delivery.services.rules import failing_conditions as failing
from ops_delivery.services.shared import role_holders

DOCTYPE = "Review Rule"
INTERNAL, CUSTOMER = "Internal", "Customer"
FIELDS = (
	"name",
	"document_type",
	"part",
	"condition",
	"needed_before",
	"party",
	"role",
	"approvals",
	"same_person_may_repeat",
	"days_until_due",
)


def of_doctype(doctype: str) -> list[frappe._dict]:
	"""The enabled rules of a DocType, each with `rank`: its place on the path (see workflow_states.rank).

	A rule whose phase or state is not there any more is needed before the content is fixed: it fails on the safe side.
	"""
	entry = REGISTRY[doctype]
	rules = frappe.get_all(
		DOCTYPE,
		filters={"document_type": doctype, "enabled": 1},
		fields=list(FIELDS),
		order_by="creation, name",
	)
	for rule in rules:
		rule.part = rule.part if rule.part in entry.parts else ""
		rule.rank = workflow_states.rank(doctype, rule.needed_before)
		if rule.rank is None:
			rule.rank = float(entry.phases.index(entry.fixed_from.get(rule.part) or entry.last_fixed))
	return rules


def for_document(doc) -> list[frappe._dict]:
	"""The enabled rules that apply to a document as it stands."""
	return [rule for rule in of_doctype(doc.doctype) if applies(rule, doc)]


def applies(rule, doc) -> bool:
	"""Whether the rule's condition holds; a blank one always does. Where it fails the review is asked for, and the rule
	says so to the administrators: nothing passes unread because a condition was written wrong."""
	if not (rule.condition or "").strip():
		return True
	try:
		return definitions.truth(rule.condition, definitions.facts(doc))
	except Exception as error:
		failing.note(DOCTYPE, rule.name, "condition", (doc.doctype, cstr(doc.name)), error)
		return True


def check(rule) -> None:
	"""Refuse a Review Rule that could never be met or never be asked for; the message names field, value and way out."""
	entry = REGISTRY.get(rule.document_type)
	if not entry:
		_refuse(
			rule, "document_type", _("Choose one of {0}.").format(", ".join(_(name) for name in REGISTRY))
		)
	rule.part = rule.part or ""
	if rule.part and rule.part not in entry.parts:
		parts = ", ".join(_(part, context=DOCTYPE) for part in entry.parts if part)
		_refuse(
			rule,
			"part",
			_("Choose one of {0}, or leave it blank for the whole document.").format(parts)
			if parts
			else _("{0} is reviewed as a whole: leave it blank.").format(_(rule.document_type)),
		)
	known = workflow_states.names(rule.document_type)
	if rule.needed_before not in known:
		_refuse(
			rule,
			"needed_before",
			_("Choose one of {0}.").format(", ".join(_(name, context=rule.document_type) for name in known)),
		)
	if rule.party == INTERNAL and not rule.role:
		_refuse(rule, "role", _("Say who reviews inside the organization."))
	if rule.party == INTERNAL and not _may_read(rule.role, rule.document_type):
		_refuse(
			rule,
			"role",
			_(
				"This role may not read a {0}. Choose another one, or give it the right in Role Permissions."
			).format(_(rule.document_type)),
		)
	_check_enough_people(rule)
	conditions.check(rule, "condition", rule.document_type, "doc.budget and doc.budget > 100000")


def _check_enough_people(rule) -> None:
	"""More approvals than there are people would let no document pass. Where nobody has the role yet, it is said only."""
	needed = cint(rule.approvals)
	if not rule.enabled or rule.party != INTERNAL or rule.same_person_may_repeat:
		return
	people = role_holders.count(rule.role)
	if people and needed > people:
		_refuse(
			rule,
			"approvals",
			_("{0} people have the role {1}, and each counts once. Enter {0} or less, or tick {2}.").format(
				people, frappe.bold(_(rule.role)), _label(rule, "same_person_may_repeat")
			),
		)


def _may_read(role: str, doctype: str) -> bool:
	"""Whether a role alone lets its people read documents of a type: a reviewer must."""
	rules = frappe.get_meta(doctype).permissions
	return any(cint(row.read) and not cint(row.permlevel) for row in rules if row.role in (role, "All"))


def _refuse(rule, fieldname: str, remedy: str) -> None:
	value = escape_html(str(rule.get(fieldname) or ""))
	frappe.throw(
		f"{_label(rule, fieldname)}: "
		+ (_("{0} is not possible.").format(frappe.bold(value)) if value else _("a value is missing."))
		+ f" {remedy}"
	)


def _label(rule, fieldname: str) -> str:
	return frappe.bold(_(rule.meta.get_label(fieldname), context=DOCTYPE))
