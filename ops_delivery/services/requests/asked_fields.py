"""What a new request on the portal asks for beyond the subject: the administrator's own fields of Issue (5.3.c).

*Shown to Customers* in the settings names them. Their answers are read as a person writes them, refused by name and value, and
stored as the fields' own types. A link is asked as a choice from a list of the administrator's own; of a list with a customer only
that customer's rows are offered, so nothing of the host's records is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import (
	cint,
	cstr,
	escape_html,
	format_time,
	now_datetime,
	nowdate,
	nowtime,
)

from ops_delivery.permissions import ownership
from ops_delivery.services.scope import issue_scope as ours
from ops_delivery.services.shared import plain_texts, wording
from ops_delivery.services.shared import typed_values as typed_in
from ops_delivery.services.shared.locale import moment, text

SETTINGS, LIST = "Ops Delivery Settings", "customer_fields"
NAME = "own_"  # before a field's name, in the form
KINDS = {
	"Data": "text",
	"Small Text": "lines",
	"Text": "lines",
	"Long Text": "lines",
	"Select": "choice",
	"Link": "choice",
	"Check": "tick",
	"Int": "number",
	"Float": "number",
	"Date": "date",
	"Datetime": "datetime-local",
	"Time": "time",
}
LINE, LINES = 140, 20_000
MOST_CHOICES = 500


class NotAnswered(frappe.ValidationError):
	"""A question of the form has no answer, or one that it cannot have."""


class NotAsked(frappe.ValidationError):
	"""A field of the list is none that customers can be asked for."""


class Question(NamedTuple):
	"""A field as the form asks for it. `choices`: (value, words) of a choice."""

	df: Any
	label: str
	required: bool
	choices: tuple[tuple[str, str], ...] = ()

	@property
	def name(self) -> str:
		return NAME + self.df.fieldname

	@property
	def kind(self) -> str:
		return KINDS[self.df.fieldtype]

	@property
	def default(self) -> str:
		"""What stands in the form before anything is typed, as its kind of input takes it."""
		value = default_of(self.df)
		if isinstance(value, datetime):
			return value.strftime("%Y-%m-%dT%H:%M")
		return cstr(value)[:5] if self.kind == "time" else cstr(value)

	@property
	def most(self) -> int:
		return (cint(self.df.length) or LINE) if self.kind == "text" else LINES


def can_be_asked(df: Any) -> bool:
	"""Whether a field of Issue is one that customers can be asked for: the administrator's own, of a simple kind."""
	if (
		not df
		or not df.get("is_custom_field")
		or df.fieldname.startswith("ops_")
		or df.fieldtype not in KINDS
	):
		return False
	if df.read_only or df.hidden or cint(df.permlevel) or df.fetch_from:
		return False
	return df.fieldtype != "Link" or bool(frappe.db.get_value("DocType", df.options, "custom"))


def default_of(df: Any) -> Any:
	"""What a field of a new record has before anybody says anything: the words for today, now and the user are no values."""
	text = cstr(df.default).strip()
	if not text or text.startswith(":"):  # of another field, as a form works out
		return None
	if text == "__user":
		return frappe.session.user
	words = {"Date": ("today", nowdate), "Datetime": ("now", now_datetime), "Time": ("now", nowtime)}
	word, moment_of = words.get(df.fieldtype, (None, None))
	return moment_of() if text.lower() == word else df.default


def asked() -> list[str]:
	"""The names of the fields in the list."""
	return [row.issue_field for row in frappe.get_cached_doc(SETTINGS).get(LIST) or ()]


def questions(customers: Iterable[str] | None = None) -> list[Question]:
	"""The questions in the reader's language; with customers, the choices too, those of a link for these customers."""
	meta, found = frappe.get_meta(ours.ISSUE), []
	for row in frappe.get_cached_doc(SETTINGS).get(LIST) or ():
		df = meta.get_field(row.issue_field)
		if can_be_asked(df):  # one that was taken away, or made another kind, since
			choices = () if customers is None else _choices(df, sorted(customers))
			found.append(Question(df, _label(df, row), bool(row.required), choices))
	return found


def read(given: Mapping[str, Any], customers: Iterable[str], demand: bool = True) -> dict[str, Any]:
	"""The values for the Issue of what a form or caller gave, by the names of the fields. NotAnswered names the first that
	is wrong, or missing where answers are demanded."""
	values = {}
	for question in questions(customers):
		typed = given.get(question.df.fieldname)
		typed = typed.strip() if isinstance(typed, str) else typed
		if question.kind == "tick":
			values[question.df.fieldname] = _tick(question, typed, demand)
		elif typed in (None, ""):
			if question.required and demand:
				_refuse(
					question,
					_("{0} is needed: fill it in.")
					if question.kind != "choice"
					else _("{0} is needed: choose one."),
				)
		else:
			values[question.df.fieldname] = _value(question, typed)
	return values


def of_form(form: Mapping[str, Any]) -> dict[str, Any]:
	"""What a form of the portal gave, by the names of the fields."""
	return {name: form.get(NAME + name) for name in asked() if form.get(NAME + name) is not None}


def kept_of(issue: Any) -> dict[str, Any]:
	"""The answers that an Issue has, for one that follows it: nobody is asked again."""
	return {q.df.fieldname: issue.get(q.df.fieldname) for q in questions() if not cint(q.df.unique)}


def answers_of(issue: Any) -> list[dict[str, str]]:
	"""What the customer's page of a request shows of the answers: {label, value}."""
	found = []
	for question in questions():
		value = issue.get(question.df.fieldname)
		if value not in (None, "", 0):
			found.append({"label": question.label, "value": _shown(question, value)})
	return found


def check_settings(settings: Any) -> None:
	"""In a save of the settings: each field once, and one that customers can be asked for. NotAsked names the row."""
	seen: set[str] = set()
	meta = frappe.get_meta(ours.ISSUE)
	for row in settings.get(LIST) or ():
		where = _("{0}, row {1}: {2}").format(
			_("Shown to Customers", context=SETTINGS),
			row.idx,
			frappe.bold(escape_html(cstr(row.issue_field))),
		)
		if row.issue_field in seen:
			frappe.throw(_("{0} stands there twice. Remove one.").format(where), NotAsked)
		seen.add(row.issue_field)
		df = meta.get_field(row.issue_field)
		if not can_be_asked(df):
			frappe.throw(
				_(
					"{0} is no field that customers can be asked for. Make a Custom Field on Issue that is shown and may be written: {1}, or a Link to a DocType of your own."
				).format(where, ", ".join(_(kind) for kind in KINDS if kind != "Link")),
				NotAsked,
			)


def _label(df: Any, row: Any) -> str:
	chinese = cstr(frappe.local.lang).startswith("zh")
	return cstr(row.label_zh if chinese else row.label).strip() or _(
		df.label or df.fieldname, context=ours.ISSUE
	)


def _choices(df: Any, customers: list[str]) -> tuple[tuple[str, str], ...]:
	if df.fieldtype == "Select":
		return tuple((one, _(one, context=ours.ISSUE)) for one in cstr(df.options).split("\n") if one)
	if df.fieldtype != "Link":
		return ()
	meta = frappe.get_meta(df.options)
	of = {
		one.fieldname: ["in", customers or [""]]
		for one in meta.get("fields", {"fieldtype": "Link", "options": "Customer"})
	}
	title = meta.get_title_field()
	rows = frappe.get_all(
		df.options, of, list(dict.fromkeys(("name", title))), order_by="name", limit=MOST_CHOICES
	)
	return tuple((row.name, _(cstr(row.get(title) or row.name))) for row in rows)


def _value(question: Question, typed: Any) -> Any:
	value = _as_stored(question, typed)
	if cint(question.df.unique) and frappe.db.exists(ours.ISSUE, {question.df.fieldname: value}):
		_refuse(question, _("{0}: {1} stands on another request already. Enter another one."), typed)
	return value


def _as_stored(question: Question, typed: Any) -> Any:
	if question.kind == "choice":
		if cstr(typed) not in dict(question.choices):
			_refuse(question, _("{0}: {1} is none of the choices. Choose one of the list."), typed)
		return cstr(typed)
	if question.kind in ("text", "lines"):
		if len(cstr(typed)) > question.most:
			_refuse(
				question, _("{0}: at most {2} characters. Shorten it, or say it in the description."), typed
			)
		if question.df.options == "URL" and not cstr(typed).lower().startswith(("http://", "https://")):
			_refuse(question, _("{0}: {1} is no web address. Write the whole address."), typed)
		return plain_texts.without_markup(cstr(typed))
	try:
		return typed_in.READERS[question.df.fieldtype](typed)
	except typed_in.NotRead as reason:
		frappe.throw(typed_in.refusal(question.label, typed, reason), NotAnswered)


def _tick(question: Question, typed: Any, demand: bool) -> int:
	try:
		ticked = typed_in.tick("1" if typed == "on" else typed or 0)
	except typed_in.NotRead as reason:
		frappe.throw(typed_in.refusal(question.label, typed, reason), NotAnswered)
	if question.required and demand and not ticked:
		_refuse(question, _("{0} is needed: tick it."))
	return ticked


def _refuse(question: Question, template: str, typed: Any = "") -> None:
	frappe.throw(
		template.format(
			frappe.bold(escape_html(question.label)),
			frappe.bold(escape_html(cstr(typed)[:140])),
			question.most,
		),
		NotAnswered,
	)


def _shown(question: Question, value: Any) -> str:
	if question.kind == "tick":
		return _("Yes")
	if question.df.fieldtype == "Select":
		return _(value, context=ours.ISSUE)
	if question.df.fieldtype == "Link":
		title = frappe.get_meta(question.df.options).get_title_field()
		return _(cstr(frappe.db.get_value(question.df.options, value, title) or value))
	shown = {"Date": wording.day, "Datetime": moment, "Time": format_time}.get(question.df.fieldtype)
	return shown(value) if shown else text(value)
