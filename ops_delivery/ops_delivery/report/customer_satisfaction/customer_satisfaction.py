"""How content the customers are, by what it is seen by, and whether there are answers enough to say so (5.4.c)."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import escape_html, flt

from ops_delivery.domain import survey as domain
from ops_delivery.services.shared import report_parts, wording
from ops_delivery.services.shared.report_parts import column
from ops_delivery.services.surveys import figures as survey_figures

# the choice in the filter: the field it groups by
VIEWS = {
	"Customer": "customer",
	"Agreement": "agreement",
	"Object": "service_object",
	"Engineer": "engineer",
	"Survey Question": "",
	"Service Content": "service_content",
	"Survey": "template",
	"Month": "month",
}
TITLES = {
	"customer": ("Customer", "customer_name"),
	"agreement": ("Service Agreement", "title"),
	"service_object": ("Service Object", "object_name"),
	"engineer": ("User", "full_name"),
}
COLORS = {"score": "#3b6ea5", "rate": "#2e7d5b"}
MOST_IN_CHART = 12


def execute(filters: dict | None = None):
	"""Columns, rows, message, chart and summary cards, as a script report hands them over."""
	filters = frappe._dict(filters or {})
	view = filters.view_by or "Customer"
	if view not in VIEWS:
		frappe.throw(
			_("View by {0} is not known. Choose one of: {1}.").format(
				frappe.bold(escape_html(view)), ", ".join(_(v, context="Ops Delivery") for v in VIEWS)
			)
		)
	scope = survey_figures.Scope.of(filters)
	rows = _questions(scope) if view == "Survey Question" else _groups(VIEWS[view], scope)
	return _columns(view), rows, _message(scope, rows, view), _chart(view, rows), _summary(scope)


def _groups(dimension: str, scope: survey_figures.Scope) -> list[dict]:
	found = survey_figures.by(dimension, scope)
	shown = _names(dimension, found)
	rows = []
	for key in sorted(found, key=lambda key: (not key, key)):
		group = found[key]
		figures = group.figures
		rows.append(
			{
				"group": shown[key],
				"asked": group.asked,
				"answered": group.answered,
				"response_rate": _percent(group.response_rate),
				**_score(figures),
				"low_answers": group.low,
				"conduct": _percent(group.conduct_rate),
				"conduct_answers": group.conduct,
			}
		)
	return rows


def _questions(scope: survey_figures.Scope) -> list[dict]:
	rows = []
	for question in survey_figures.questions(scope):
		if question.type == domain.TEXT:
			continue
		figures = domain.figures(question.points, question.fewest)
		rows.append(
			{
				"group": question.text,
				"survey": question.template,
				"kind": _("Conduct") if question.conduct else _("Satisfaction"),
				**_score(figures),
			}
		)
	return rows


def _score(figures: domain.Figures) -> dict:
	return {
		"scores": figures.count,
		"score": None if figures.mean is None else round(figures.mean, 1),
		"low_end": None if figures.low is None else round(figures.low, 1),
		"high_end": None if figures.high is None else round(figures.high, 1),
		"meaning": _meaning(figures),
		"code": figures.meaning if figures.count else "",
	}


def _meaning(figures: domain.Figures) -> str:
	if not figures.count:
		return ""
	return {
		domain.TOO_FEW: _("Too few to mean anything"),
		domain.UNSURE: _("Unsure: may be 10 points off"),
		domain.SOUND: _("Sound"),
	}[figures.meaning]


def _names(dimension: str, keys) -> dict[str, str]:
	"""What stands for each key, in one query."""
	shown = {key: key or _("Not set") for key in keys}
	if dimension in TITLES:
		doctype, title = TITLES[dimension]
		for name, text in frappe.get_all(
			doctype,
			filters={"name": ["in", [key for key in keys if key] or [""]]},
			fields=["name", title],
			order_by="name",
			as_list=True,
		):
			shown[name] = f"{text} ({name})" if dimension == "agreement" and text else text or name
	elif dimension in ("service_content", "template"):
		shown = {key: _(key) if key else _("Not set") for key in keys}
	return shown


def _columns(view: str) -> list[dict]:
	score = [
		column("score", _("Score (0–100)"), "Float", 110, precision=1),
		column("low_end", _("95 % from"), "Float", 90, precision=1),
		column("high_end", _("95 % to"), "Float", 90, precision=1),
		column("meaning", _("Worth"), "Data", 210),
	]
	first = column("group", _(view, context="Ops Delivery"), "Data", 240)
	if view == "Survey Question":
		return [
			first,
			column("survey", _("Survey"), "Data", 180),
			column("kind", _("Kind"), "Data", 110),
			column("scores", _("Answers"), "Int", 90),
			*score,
		]
	return [
		first,
		column("asked", _("Asked"), "Int", 80),
		column("answered", _("Answered"), "Int", 90),
		column("response_rate", _("Response Rate"), "Percent", 110, precision=1),
		column("scores", _("Scores"), "Int", 80),
		*score,
		column("low_answers", _("Low"), "Int", 70),
		column("conduct", _("Conduct Kept"), "Percent", 110, precision=1),
		column("conduct_answers", _("Answers on Conduct"), "Int", 130),
	]


def _chart(view: str, rows: list[dict]) -> dict | None:
	"""Scores as bars; months as a line beside the response rate."""
	scored = [row for row in rows if row["score"] is not None]
	if not scored:
		return None
	if view != "Month":
		scored = sorted(scored, key=lambda row: -row["scores"])[:MOST_IN_CHART]
	datasets = [{"name": _("Score (0–100)"), "values": [row["score"] for row in scored]}]
	if view == "Month":
		datasets.append(
			{"name": _("Response Rate"), "values": [flt(row["response_rate"], 1) for row in scored]}
		)
	return {
		"data": {"labels": [row["group"] for row in scored], "datasets": datasets},
		"type": "line" if view == "Month" and len(scored) > 1 else "bar",
		"colors": list(COLORS.values()),
		"fieldtype": "Float",
	}


def _summary(scope: survey_figures.Scope) -> list[dict]:
	now, before = survey_figures.whole(scope), survey_figures.whole(scope.before())
	figures = now.figures
	change = domain.change(before.figures, figures)
	return [
		_card(_("Asked"), now.asked, "Blue"),
		_card(_("Response Rate"), _share(now.response_rate), "Blue"),
		_card(_("Satisfaction"), _number(figures.mean), "Green" if figures.sound else "Orange"),
		_card(_("Worth"), _meaning(figures) or "–", "Green" if figures.sound else "Orange"),
		_card(_("Against the Period Before"), _changed(change), _tone(change)),
		_card(_("Conduct Kept"), _share(now.conduct_rate), "Grey"),
		_card(_("Low Answers"), now.low, "Red" if now.low else "Green"),
	]


def _card(label: str, value, indicator: str) -> dict:
	return {
		"label": label,
		"value": value,
		"datatype": "Int" if isinstance(value, int) else "Data",
		"indicator": indicator,
	}


def _changed(change: domain.Change | None) -> str:
	if not change:
		return "–"
	text = f"{change.difference:+.1f}"
	return text if change.clear else _("{0} (may be chance)").format(text)


def _tone(change: domain.Change | None) -> str:
	if not change or not change.clear:
		return "Grey"
	return "Green" if change.difference > 0 else "Red"


def _percent(share: float | None) -> float | None:
	return None if share is None else round(100 * share, 1)


def _share(share: float | None) -> str:
	return "–" if share is None else f"{100 * share:.1f} %"


def _number(value: float | None) -> str:
	return "–" if value is None else f"{value:.1f}"


def _message(scope: survey_figures.Scope, rows: list[dict], view: str) -> str:
	period = report_parts.period(scope.from_date, scope.to_date)
	if not rows and view == "Survey Question":
		return _("No question was answered in the period {0}.").format(period)
	if not rows:
		return _(
			"Nobody was asked in the period {0}, and nobody answered. Survey Rules say who is asked when."
		).format(period)
	text = _(
		'Period {0}. Surveys count by the day they were sent, answers by the day they came. Scores run from 0 to 100. "95 %" is the range in which the mean of all customers lies (Student\'s t). Too few: fewer answers than the template demands. Unsure: the mean may be more than 10 points off. Answers of anonymous surveys come in with their whole round, and have no object and no engineer.'
	).format(period)
	if any(row["code"] in (domain.TOO_FEW, domain.UNSURE) for row in rows):
		text = f"<b>{_('Some rows rest on too few answers: see Worth.')}</b> {text}"
	return text
