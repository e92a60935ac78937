"""Survey Templates: what is asked. Edited on the desk; every survey keeps the version it was asked by (5.4.c)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, escape_html, flt

from ops_delivery.domain import survey as domain
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared.domain_errors import guard
from ops_delivery.services.shared.locale import text

DOCTYPE = "Survey Template"
MOST_QUESTIONS = 40
FIELDS = (
	"template_name",
	"title",
	"title_zh",
	"intro",
	"intro_zh",
	"anonymous",
	"days_to_answer",
	"reminder_days",
	"fewest_answers",
	"low_score",
	"low_conduct",
)
QUESTION_FIELDS = (
	"name",
	"question",
	"question_zh",
	"answer_type",
	"weight",
	"conduct",
	"required",
	"good_answer",
	"options",
	"options_zh",
)


@dataclass(frozen=True)
class Sheet:
	"""A version of a template: `content` as it is frozen, `questions` as the domain takes them."""

	version: str
	content: Mapping[str, Any]
	questions: tuple[domain.Question, ...]

	def __getattr__(self, name: str) -> Any:
		return self.content[name]

	def words(self, fieldname: str) -> str:
		"""A text of the template (title, intro) in the reader's language, to be escaped where printed."""
		return in_language(self.content.get(fieldname), self.content.get(f"{fieldname}_zh"))

	@property
	def questions_as_frozen(self) -> list[dict[str, Any]]:
		"""The questions' rows as they stand in the version."""
		return self.content["questions"]

	def asked(self) -> list[dict[str, Any]]:
		"""The questions as a page shows them: key, text, type, required, choices [(value, text)]."""
		rows = []
		for question, row in zip(self.questions, self.content["questions"], strict=True):
			rows.append(
				{
					"key": question.key,
					"text": in_language(row["question"], row["question_zh"]),
					"type": question.type,
					"required": question.required,
					"conduct": question.conduct,
					"choices": _choices(question, row),
				}
			)
		return rows


def in_language(own: str | None, chinese: str | None) -> str:
	"""A text that has its Chinese beside it, in the reader's language; a translation of the site helps out."""
	if cstr(frappe.local.lang).startswith("zh") and cstr(chinese).strip():
		return text(chinese)
	return _(text(own)) if own else ""


def check(template) -> None:
	"""Refuse a template that could not be answered; the message names the row, the value and the way out."""
	if not template.questions or len(template.questions) > MOST_QUESTIONS:
		frappe.throw(
			_("{0}: ask at least one question and at most {1}.").format(
				frappe.bold(_("Questions")), MOST_QUESTIONS
			)
		)
	days = reminder_days(template.reminder_days)
	if days is None or any(not 1 <= day < cint(template.days_to_answer) for day in days):
		_refuse(
			template,
			"reminder_days",
			_("Enter days before the last one, separated by commas, such as 5, 10; or leave it blank."),
		)
	if template.anonymous and cint(template.fewest_answers) < domain.FEWEST_ANONYMOUS:
		_refuse(
			template,
			"fewest_answers",
			_("Of fewer than 3 anonymous answers everybody could tell whose they are. Enter 3 or more."),
		)
	for row in template.questions:
		_check_row(row)


def publish(template) -> str:
	"""The Rule Version that holds the template as it is now."""
	return versions.publish(DOCTYPE, template.name, content(template))


def content(template) -> dict[str, Any]:
	"""What is frozen of a template."""
	return {
		**{fieldname: template.get(fieldname) for fieldname in FIELDS},
		"questions": [{f: row.get(f) for f in QUESTION_FIELDS} for row in template.questions],
	}


def current(template: str) -> Sheet | None:
	"""The template as it is asked now; None where it was never saved with questions."""
	version = versions.current(DOCTYPE, template)
	return sheet(version) if version else None


def sheet(version: str) -> Sheet:
	"""A frozen version of a template."""
	found = versions.content(version)
	return Sheet(version, found, tuple(_question(row) for row in found["questions"]))


def reminder_days(entered: str | None) -> tuple[int, ...] | None:
	"""Days from "5, 10", in order; () for a blank, None where it is no such list."""
	parts = [part.strip() for part in cstr(entered).replace("，", ",").split(",") if part.strip()]
	if any(not (part.isascii() and part.isdigit() and len(part) < 4) for part in parts):
		return None
	return tuple(sorted({int(part) for part in parts}))


def _question(row: Mapping[str, Any]) -> domain.Question:
	kind = row["answer_type"]
	return domain.Question(
		key=row["name"],
		text=in_language(row["question"], row["question_zh"]),
		type=kind,
		weight=flt(row["weight"]),
		conduct=bool(row["conduct"]),
		required=bool(row["required"]),
		choices=domain.choices(text(row["options"])) if kind == domain.CHOICE else (),
		good=row["good_answer"] or domain.YES,
	)


def _choices(question: domain.Question, row: Mapping[str, Any]) -> list[tuple[str, str]]:
	if question.type in domain.STEPS:
		return [(str(n), str(n)) for n in range(1, domain.STEPS[question.type] + 1)]
	if question.type == domain.YES_NO:
		return [(domain.YES, _("Yes")), (domain.NO, _("No", context="Ops Delivery"))]
	if question.type != domain.CHOICE:
		return []
	names = [choice.text for choice in question.choices]
	chinese = [line.strip() for line in text(row.get("options_zh")).splitlines() if line.strip()]
	if cstr(frappe.local.lang).startswith("zh") and len(chinese) == len(names):
		return list(zip(names, chinese, strict=True))
	return [(name, _(name)) for name in names]


def _check_row(row) -> None:
	where = _("{0}, row {1}").format(frappe.bold(_("Questions")), row.idx)
	if not cstr(row.question).strip():
		frappe.throw(_("{0}: there is no question.").format(where))
	if row.answer_type != domain.CHOICE:
		row.options = row.options_zh = None
	with guard(where):
		_question(row.as_dict())
	if row.conduct and row.answer_type == domain.TEXT:
		frappe.throw(
			_("{0}: a text cannot tell whether conduct was right. Choose another answer type.").format(where)
		)
	if row.options_zh:
		lines = [line for line in row.options_zh.splitlines() if line.strip()]
		if len(lines) != len(domain.choices(text(row.options))):
			frappe.throw(
				_(
					"{0}: there are {1} choices, but {2} in Chinese. Enter one for each, in the same order."
				).format(where, len(domain.choices(text(row.options))), len(lines))
			)


def _refuse(template, fieldname: str, remedy: str) -> None:
	frappe.throw(
		_("{0}: {1} is not possible. {2}").format(
			frappe.bold(_(template.meta.get_label(fieldname), context=template.doctype)),
			frappe.bold(escape_html(cstr(template.get(fieldname)))),
			remedy,
		)
	)
