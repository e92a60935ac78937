"""The satisfaction report of a service content: survey and analysis, to be printed (8.3.b.4, 8.4.b.4, 8.5.b.4, 8.6.b.4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import frappe
from frappe import _

from ops_delivery.domain import survey as domain
from ops_delivery.services.improvements import steps as improvements
from ops_delivery.services.shared.locale import text
from ops_delivery.services.surveys import figures as survey_figures

MOST_COMMENTS = 60


def of(filters: Mapping[str, Any] | None) -> dict[str, Any]:
	"""Everything the printed report shows of a scope: whole and against the period before, by month, survey, object and
	question, the comments, and what was done about low scores."""
	scope = survey_figures.Scope.of(filters)
	now, before = survey_figures.whole(scope), survey_figures.whole(scope.before())
	asked = survey_figures.questions(scope)
	comments = [text(line) for question in asked for line in question.texts]
	return {
		"scope": scope,
		"title": _("Satisfaction Report: {0}").format(_(scope.service_content))
		if scope.service_content
		else _("Satisfaction Report"),
		"customer": frappe.db.get_value("Customer", scope.customer, "customer_name")
		if scope.customer
		else "",
		"agreement": frappe.db.get_value("Service Agreement", scope.agreement, "title")
		if scope.agreement
		else "",
		"whole": _line("", now),
		"before": _line("", before),
		"change": domain.change(before.figures, now.figures),
		"previous": scope.before(),
		"months": _lines("month", scope),
		"customers": [] if scope.customer else _lines("customer", scope),
		"objects": _lines("service_object", scope),
		"questions": [_question(q) for q in asked if q.type != domain.TEXT and not q.conduct],
		"conduct": [_question(q) for q in asked if q.type != domain.TEXT and q.conduct],
		"comments": comments[:MOST_COMMENTS],
		"more_comments": max(0, len(comments) - MOST_COMMENTS),
		"actions": _actions(scope),
	}


def worth(meaning: str) -> str:
	"""How much a mean means, in words."""
	return {
		domain.TOO_FEW: _("too few answers to mean anything"),
		domain.UNSURE: _("unsure, may be 10 points off"),
		domain.SOUND: _("sound"),
	}[meaning]


def _lines(dimension: str, scope: survey_figures.Scope) -> list[dict[str, Any]]:
	found = survey_figures.by(dimension, scope)
	names: dict[str, str] = {}
	if dimension in ("customer", "service_object"):
		doctype, title = (
			("Customer", "customer_name") if dimension == "customer" else ("Service Object", "object_name")
		)
		names = dict(
			frappe.get_all(
				doctype,
				filters={"name": ["in", list(found) or [""]]},
				fields=["name", title],
				order_by="name",
				as_list=True,
			)
		)
	return [
		_line(names.get(key) or key or _("Not set"), found[key])
		for key in sorted(found, key=lambda k: (not k, k))
	]


def _line(name: str, group: survey_figures.Group) -> dict[str, Any]:
	return {
		"name": name,
		"asked": group.asked,
		"answered": group.answered,
		"rate": group.response_rate,
		"figures": group.figures,
		"low": group.low,
		"conduct": group.conduct_rate,
	}


def _question(question: frappe._dict) -> dict[str, Any]:
	figures = domain.figures(question.points, question.fewest)
	return {"text": question.text, "survey": question.template, "figures": figures}


def _actions(scope: survey_figures.Scope) -> list[frappe._dict]:
	"""Improvement actions that surveys of the scope opened, as far as the reader may see them."""
	filters = {
		"source_doctype": ["in", ["Service Survey", "Survey Round"]],
		"creation": ["between", [scope.from_date, scope.to_date]],
	}
	if scope.customer:
		filters["customer"] = scope.customer
	return frappe.get_list(
		improvements.DOCTYPE,
		filters=filters,
		fields=["name", "title", "state"],
		order_by="creation",
		limit=50,
	)
