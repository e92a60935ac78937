"""What a service report must be: of an agreement and a period that is over, made, worded, and one for each period (8.3.b.5).

Reviews, fixed content and the path of phases are services.reviews.phase_guard's; which step may follow which is the domain's.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, getdate

from ops_delivery.domain.service_report import life
from ops_delivery.permissions import secret_records
from ops_delivery.permissions import steps as by_steps
from ops_delivery.permissions.ownership import is_staff, lost_access
from ops_delivery.services.papers import service_report_words as words
from ops_delivery.services.reports import promised, steps, templates
from ops_delivery.services.reviews.registry import REGISTRY
from ops_delivery.services.shared import wording
from ops_delivery.services.shared.locale import language_of, reading, text
from ops_delivery.services.shared.site_time import site_now

DOCTYPE, AGREEMENT = steps.DOCTYPE, templates.AGREEMENT
PEOPLE = ("compiler", "reviewer", "approver")
ABOUT = ("agreement", "report_kind", "period_from", "period_to")


class NotComplete(frappe.ValidationError):
	"""A report was to be reviewed or published and lacks something."""


class StepNotPossible(frappe.ValidationError):
	"""A step was to be taken that does not follow, or by somebody else than whom it is for."""


class AlreadyThere(frappe.ValidationError):
	"""There is a report about the same agreement and days."""


class Missing(NamedTuple):
	"""One thing it lacks: where, and the way out (escaped)."""

	field: str
	item: str
	text: str


def validate(doc: Any) -> None:
	"""The rules of content, whatever the phase. frappe.ValidationError names field, value and the way out."""
	before = doc.get_doc_before_save()
	if before and REGISTRY[DOCTYPE].is_fixed("", before.status) and REGISTRY[DOCTYPE].is_fixed("", doc.status):
		return
	_check_about(doc)
	doc.compiler = doc.compiler or frappe.session.user
	_check_people(doc, before)
	if before is None:
		_begin(doc)
	elif any(cstr(before.get(field)) != cstr(doc.get(field)) for field in ABOUT) and before.figures_on:
		# figures of other days, or of another agreement, are none of this report
		for row in doc.sections:
			row.figures = None
		doc.update({"figures_on": None, "making_state": "", "making_run": None})
	_keep_figures(doc, before)
	doc.title = cstr(doc.title).strip() or title(doc)
	doc.slot = None if doc.status == life.CANCELLED else _slot(doc)
	_refuse_second(doc)


def guard(doc: Any) -> None:
	"""What a phase asks for, once the guard of reviewed documents has settled which one that is."""
	before = doc.get_doc_before_save()
	was = before.status if before else life.COMPILING
	if not life.may_follow(was, doc.status, was_published=bool(before and before.published_on)):
		frappe.throw(
			_("{0} is {1} and cannot become {2}. It is compiled, reviewed, published, and confirmed where that is agreed; what was published is revised, not cancelled.").format(
				_bold(doc), frappe.bold(_(was, context=DOCTYPE)), frappe.bold(_(doc.status, context=DOCTYPE))
			),
			StepNotPossible,
		)
	if doc.status in (life.IN_REVIEW, life.PUBLISHED):
		refuse(doc, missing(doc))
	if was == doc.status:
		return
	if doc.status == life.PUBLISHED and doc.approver and doc.approver != frappe.session.user:
		frappe.throw(
			_("{0} is published by {1}, who is its approver. Ask them, or name somebody else.").format(
				_bold(doc), frappe.bold(escape_html(frappe.utils.get_fullname(doc.approver)))
			),
			StepNotPossible,
		)
	if doc.status == life.CANCELLED:
		if not cstr(doc.reason).strip():
			frappe.throw(
				_("{0}: a value is missing. Say why, save, and take the step again.").format(frappe.bold(field_label("reason"))), frappe.MandatoryError
			)
		doc.slot = None
	steps.note(doc, was)


def missing(doc: Any) -> list[Missing]:
	"""What a report still lacks before it can be reviewed or published."""
	found: list[Missing] = []

	def need(fieldname: str, met: Any, said: str) -> None:
		if not met:
			found.append(Missing(fieldname, field_label(fieldname), said))

	over = getdate(doc.period_to) < getdate(site_now())
	need("period_to", over, _("The period is not over before {0}. Make its figures then.").format(wording.day(doc.period_to)))
	need("sections", doc.figures_on, _("Make the figures."))
	need("sections", doc.making_state not in (life.WAITING, life.RUNNING), _("The figures are being made. Wait until they are there."))
	if over and doc.figures_on:
		said = _("The figures were made before the period was over. Make them anew.")
		need("sections", getdate(doc.figures_on) > getdate(doc.period_to), said)
	need("security_class", doc.security_class, _("Choose how far it may go."))
	if (doc.get_doc_before_save() or doc).status == life.COMPILING and (alone := secret_records.needs_reviewer(doc)):
		need("reviewer", False, alone)
	return found


def missing_next(doc: Any) -> list[Missing]:
	"""What it lacks before the next step on its path; nothing once it is published."""
	return missing(doc) if doc.status in life.OPEN else []


def refuse(doc: Any, lacking: list[Missing]) -> None:
	"""Refuse what lacks something, naming each part. NotComplete."""
	if lacking:
		said = _("{0} cannot be published yet. It lacks:") if doc.status == life.PUBLISHED else _("{0} cannot be reviewed yet. It lacks:")
		frappe.throw(
			said.format(_bold(doc)) + "<ul>" + "".join(f"<li><b>{escape_html(row.item)}</b>: {row.text}</li>" for row in lacking) + "</ul>",
			NotComplete,
			title=_("Not complete"),
		)


def title(doc: Any) -> str:
	"""What a report is called unless somebody names it."""
	customer = text(frappe.db.get_value("Customer", doc.customer, "customer_name") or doc.customer)
	with reading(language_of(None, doc.customer)):
		return _("{0}: service report {1}").format(customer, words.period(doc.report_kind, doc.period_from, doc.period_to))[:140]


def field_label(fieldname: str) -> str:
	"""What a form calls a field."""
	return _(frappe.get_meta(DOCTYPE).get_label(fieldname), context=DOCTYPE)


def _begin(doc: Any) -> None:
	"""A new report: its template, what that says of it, its sections without figures, and the promise it answers."""
	doc.template = doc.template or templates.of(doc.agreement, doc.customer)
	if not doc.template:
		frappe.throw(
			_("{0}: no template is enabled. Enable one in {1}.").format(frappe.bold(field_label("template")), _(templates.DOCTYPE)), frappe.MandatoryError
		)
	chosen = frappe.db.get_value(templates.DOCTYPE, doc.template, ["security_class", "customer_confirms"], as_dict=True)
	doc.security_class = doc.security_class or chosen.security_class
	doc.customer_confirms = cint(doc.customer_confirms) or cint(chosen.customer_confirms)
	if not doc.sections:
		for row in templates.rows(doc.template, doc):
			doc.append("sections", {"section": templates.NAMES[row.section], "heading": row.heading, "introduction": row.introduction})
	doc.deliverable = doc.deliverable or promised.proposed(doc)


def _keep_figures(doc: Any, before: Any) -> None:
	"""Figures come from their making alone: a row somebody adds, or copies from another report, has none."""
	if by_steps.is_taken(doc):
		return
	old = {row.name for row in before.sections} if before else set()
	for row in doc.sections:
		if row.name not in old:
			row.figures = None
			row.section = row.section if row.section in templates.KEYS else ""


def _check_about(doc: Any) -> None:
	found = frappe.db.get_value(AGREEMENT, doc.agreement, ["customer", "docstatus"], as_dict=True)
	if not found or found.docstatus != 1:
		frappe.throw(
			_("{0}: {1} is not in force and was not. Choose an agreement that was signed.").format(
				frappe.bold(field_label("agreement")), escape_html(cstr(doc.agreement))
			)
		)
	doc.customer = found.customer
	first, last = getdate(doc.period_from), getdate(doc.period_to)
	if last < first:
		frappe.throw(_("{0}: {1} lies before {2}. Enter a later day.").format(frappe.bold(field_label("period_to")), wording.day(last), wording.day(first)))
	if not life.fits(doc.report_kind, first, last):
		frappe.throw(
			_("{0}: {1} to {2} are not the days of one {3}. Correct the days, or choose {4}.").format(
				frappe.bold(field_label("report_kind")),
				wording.day(first),
				wording.day(last),
				frappe.bold(_(doc.report_kind, context=DOCTYPE)),
				frappe.bold(_("Other", context=DOCTYPE)),
			)
		)
	promised.check(doc)


def _check_people(doc: Any, before: Any) -> None:
	for field in PEOPLE:
		user = doc.get(field)
		if not user or (before and before.get(field) == user):
			continue
		if not is_staff(user):
			frappe.throw(
				_("{0}: {1} does not work on the desk. Choose one of the supplier's people.").format(frappe.bold(field_label(field)), escape_html(user))
			)
		if lost_access(user):
			frappe.throw(_("The user {0} is disabled. Choose somebody else.").format(escape_html(user)))
	if doc.reviewer and doc.reviewer == doc.compiler:
		frappe.throw(
			_("{0}: {1} compiles this report. Somebody else has to review it.").format(
				frappe.bold(field_label("reviewer")), escape_html(frappe.utils.get_fullname(doc.reviewer))
			)
		)


def _slot(doc: Any) -> str:
	number = frappe.db.get_value(AGREEMENT, doc.agreement, "agreement_number") or doc.agreement
	return f"{number}|{getdate(doc.period_from)}|{getdate(doc.period_to)}"[:140]


def _refuse_second(doc: Any) -> None:
	"""One report for the same days of an agreement; the database holds each once, also at the same moment. AlreadyThere."""
	other = doc.slot and frappe.db.get_value(DOCTYPE, {"slot": doc.slot, "name": ["!=", doc.name or ""]}, ["name", "status"], as_dict=True)
	if other:
		frappe.throw(
			_("{0} is about the same agreement and days, and is {1}. Open it, or cancel it if it was begun by mistake.").format(
				frappe.utils.get_link_to_form(DOCTYPE, other.name), frappe.bold(_(other.status, context=DOCTYPE))
			),
			AlreadyThere,
		)


def _bold(doc: Any) -> str:
	return frappe.bold(escape_html(text(doc.title or doc.name)))
