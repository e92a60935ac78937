"""The checklist of a visit: joined from the templates that fit it, frozen at planning, answered on the way (7.2, 7.3)."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html

from ops_delivery.domain import visit as domain
from ops_delivery.domain.numbers import read
from ops_delivery.domain.visit import Phase
from ops_delivery.services.scope import image_files as kept_pictures
from ops_delivery.services.shared import number_format as numbers
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.locale import text
from ops_delivery.services.shared.site_time import site_now
from ops_delivery.services.visits.content import point
from ops_delivery.services.visits.types import (
	ANSWERED,
	ANSWERED_FROM,
	POINT_FROZEN,
	TEMPLATE,
	kind_of,
	locked,
	rank_of,
)

SHAPED_BY = ("customer", "service_object", "service_content")
FILTERS = ("customer", "object_kind", "service_content")


# Templates


def check_template(template) -> None:
	"""Refuse a template whose points cannot be answered: limits without a reading, limits that contradict."""
	seen = set()
	for row in template.items:
		where = _("Points, row {0}").format(row.idx)
		key = (row.stage, cstr(row.question).strip().lower())
		if key in seen:
			frappe.throw(
				_("{0}: {1} stands in {2} already. Remove one of the two.").format(
					where, frappe.bold(escape_html(row.question)), _(row.stage)
				)
			)
		seen.add(key)
		if row.answer_type != domain.READING:
			row.unit = row.minimum = row.maximum = None
			continue
		with guard(where):
			limits = [read(cstr(value), numbers.site_format()) for value in (row.minimum, row.maximum) if cstr(value).strip()]
		if len(limits) == 2 and limits[0] > limits[1]:
			frappe.throw(
				_("{0}: at least {1} and at most {2} leave nothing. Correct one of the two.").format(
					where, escape_html(row.minimum), escape_html(row.maximum)
				)
			)


def fitting(doc) -> list[Any]:
	"""The enabled templates that fit a visit, the more particular ones last."""
	kind = frappe.db.get_value("Service Object", doc.service_object, "kind") if doc.service_object else None
	asked = {"customer": doc.customer, "object_kind": kind, "service_content": doc.service_content}
	rows = frappe.get_all(
		TEMPLATE,
		filters={"for_doctype": doc.doctype, "enabled": 1},
		fields=["name", *FILTERS],
		order_by="creation, name",
	)
	fit = [row for row in rows if all(not row[name] or row[name] == asked[name] for name in FILTERS)]
	fit.sort(key=lambda row: sum(bool(row[name]) for name in FILTERS))
	return [frappe.get_cached_doc(TEMPLATE, row.name) for row in fit]


def fill(doc) -> None:
	"""Freeze the points of the fitting templates on a visit while it is planned; answers given already stay."""
	before = doc.get_doc_before_save()
	if rank_of(doc) != Phase.PLANNED or (
		before and doc.answers and all(cstr(before.get(f)) == cstr(doc.get(f)) for f in SHAPED_BY)
	):
		return
	points: dict[tuple[str, str], dict[str, Any]] = {}
	for template in fitting(doc):
		for row in template.items:
			key = (row.stage, cstr(row.question).strip().lower())
			points[key] = {field: row.get(field) for field in POINT_FROZEN[:-1]} | {"template": template.name}
	given = {
		(row.stage, cstr(row.question).strip().lower()): {
			field: row.get(field) for field in (*ANSWERED, "answered_by", "answered_on")
		}
		for row in (before.answers if before else [])
		if row.answer or row.photo or row.remark
	}
	doc.set("answers", [])
	for key in sorted(points, key=lambda key: domain.STAGES.index(key[0])):
		doc.append("answers", {**points[key], **given.get(key, {})})


# Answers


def check(doc, before) -> None:
	"""Points are frozen; an answer is given in its stage, is of its type, and notes who gave it and when."""
	known = {row.name: row for row in before.answers} if before else {}
	refilled = not before or rank_of(before) == Phase.PLANNED
	for row in doc.answers:
		old = known.pop(row.name, None)
		if not old:
			if not refilled:
				_refuse(row, _("the checklist was fixed when the visit was planned"))
			if row.answer_type and before is None:
				for field in (*ANSWERED, "answered_by", "answered_on"):
					row.set(field, None)
			continue
		if any(_differs(old, row, field) for field in POINT_FROZEN):
			_refuse(row, _("the checklist was fixed when the visit was planned"))
		if any(_differs(old, row, field) for field in ANSWERED):
			_check_answer(doc, row, before)
			row.answered_by, row.answered_on = frappe.session.user, site_now()
		else:
			row.answered_by, row.answered_on = old.answered_by, old.answered_on
	if known and not refilled:
		_refuse(next(iter(known.values())), _("the checklist was fixed when the visit was planned"))


def answer(
	doctype: str, name: str, row: str, answer: str | None = None, remark: str | None = None
) -> dict[str, Any]:
	"""Answer one point of a visit's checklist (None leaves what is there); the row as it is then."""
	doc = locked(doctype, name)
	point = find(doc, row)
	if answer is not None:
		point.answer = cstr(answer).strip()
	if remark is not None:
		point.remark = cstr(remark).strip()
	doc.save()
	return face(find(doc, row))


def find(doc, row: str):
	"""A point of the checklist by its name. frappe.DoesNotExistError."""
	found = next((point for point in doc.answers if point.name == row), None)
	if not found:
		raise frappe.DoesNotExistError(_("{0} has no such point.").format(doc.name))
	return found


def face(row) -> dict[str, Any]:
	"""A point as the form shows it."""
	seen = point(row)
	return {
		"name": row.name,
		"stage": row.stage,
		"question": _(text(row.question)),
		"type": row.answer_type,
		"required": cint(row.required),
		"unit": row.unit or "",
		"minimum": row.minimum or "",
		"maximum": row.maximum or "",
		"hint": _(text(row.hint)) if row.hint else "",
		"answer": text(row.answer),
		"remark": text(row.remark),
		"photo": row.photo or "",
		"done": seen.done,
		"outside": seen.outside,
		"by": row.answered_by,
		"by_name": frappe.utils.get_fullname(row.answered_by) if row.answered_by else "",
		"on": row.answered_on,
	}


def _check_answer(doc, row, before) -> None:
	check_stage(before, row)
	given = cstr(row.answer).strip()
	where = escape_html(_(cstr(row.question)))
	if len(given) > 5000 or len(cstr(row.remark)) > 5000:
		frappe.throw(_("{0}: the text is longer than {1} characters. Shorten it.").format(where, 5000))
	possible = (domain.YES, domain.NO, domain.NOT_APPLICABLE)
	if row.answer_type == domain.YES_NO and given and given not in possible:
		frappe.throw(
			_("{0}: {1} is no possible answer. Choose one of {2}.").format(
				where, frappe.bold(escape_html(given)), ", ".join(_(value) for value in possible)
			)
		)
	if row.answer_type == domain.READING and given:
		with guard(where):
			read(given, numbers.site_format())
	kept_pictures.check_own(doc, row.photo, where)


def check_stage(doc, row) -> None:
	"""Refuse an answer before its stage, or when that is over."""
	rank, kind = rank_of(doc), kind_of(doc)
	if rank < ANSWERED_FROM[row.stage]:
		_refuse(row, _("it is answered from {0} on").format(_(kind.phases[ANSWERED_FROM[row.stage]])))
	if rank >= domain.GATE_OF[row.stage] or rank < Phase.PLANNED:
		_refuse(row, _("its stage is over and its answers stay as evidence"))


def _differs(old, row, field: str) -> bool:
	return cstr(old.get(field)).strip() != cstr(row.get(field)).strip()


def _refuse(row, reason: str) -> None:
	frappe.throw(
		_("Checklist, {0}: {1}.").format(frappe.bold(escape_html(_(cstr(row.question)))), reason),
		title=_("Checklist"),
	)
