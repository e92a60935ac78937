"""Which step of the manual a metric is (6.2.b.3): as the source's table says, else by the step's own title or key."""

from __future__ import annotations

from collections import Counter

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from ops_delivery.services.routine import sheet

MANUAL = "Operation Manual"


class UnknownStep(frappe.ValidationError):
	"""A row names a step that the manual does not have, or one of several."""


def steps_of(manual: str | None) -> dict[str, frappe._dict]:
	"""The steps of the manual as it was last published, by key, in order; none without a manual."""
	version = frappe.db.get_value(MANUAL, manual, "published_version") if manual else None
	return sheet.steps_of(frappe._dict(manual_version=version))


def resolve(doc) -> None:
	"""Give each row of a source's metrics the key of its step. UnknownStep names row and step."""
	by_name = _by_name(steps_of(doc.manual)) if doc.metrics else {}
	seen = set()
	for row in doc.metrics:
		key = by_name.get(cstr(row.step).strip())
		if not key:
			frappe.throw(
				_("Metrics, row {0}: {1} is not one step of the manual. Choose one from the list.").format(
					row.idx, frappe.bold(escape_html(cstr(row.step)[:140]))
				),
				UnknownStep,
			)
		row.step_key, row.metric = key, cstr(row.metric).strip()
		if row.metric in seen:
			frappe.throw(
				_("Metrics, row {0}: {1} is there twice. Take one out.").format(row.idx, frappe.bold(escape_html(row.metric))),
				UnknownStep,
			)
		seen.add(row.metric)


def keys_of(source, steps: dict[str, frappe._dict]) -> dict[str, str]:
	"""Name -> key of the step that it means: the source's metrics go first, then titles that are one step's, and keys."""
	return {**_by_name(steps), **{row.metric: row.step_key for row in source.metrics if row.step_key in steps}}


def _by_name(steps: dict[str, frappe._dict]) -> dict[str, str]:
	titles = Counter(cstr(step.step).strip() for step in steps.values())
	found = {cstr(step.step).strip(): key for key, step in steps.items() if titles[cstr(step.step).strip()] == 1}
	return {**found, **{key: key for key in steps}}
