"""Service reports: an agreement, its author and reviewer, figures that a test says itself, and the steps of a report's life."""

import deliverable_scene
import factories
import frappe
import reviewing
import scenario

from ops_delivery.domain.service_report import model
from ops_delivery.services.reports import making, publishing, sections

DOCTYPE, INTERNAL, CUSTOMER = "Service Report", "Service Report: internal review", "Service Report: the customer confirms"
FROM, TO = "2026-03-01", "2026-03-31"


def requests(count=7, previous=5, names=(), rows=None) -> model.Section:
	"""A section as a collector would give it: two figures, a table, two charts, a note."""
	months = tuple(f"2026-{month:02d}" for month in range(1, 7))
	column = model.Column
	return model.Section(
		"requests",
		figures=(
			model.Figure("received", "Requests received", count, previous=previous, sources=model.Sources.of("Issue", names)),
			model.Figure("in_time", "Attainment", 96.5, model.PERCENT, previous=91.25),
		),
		tables=(
			model.Table(
				"open",
				"Not closed yet",
				(column("name", "Request", model.RECORD, "Issue"), column("subject", "Subject"), column("kept", "Kept", model.VERDICT), column("hours", "Hours", model.HOURS)),
				tuple(rows if rows is not None else [{"name": name, "subject": "Mail does not arrive", "kept": "Missed", "hours": 1.5} for name in names]),
			),
		),
		charts=(
			model.Chart("months", "Requests per month", model.BAR, months, (model.Series("High", (3, 4, 2, 2, 6, 1)), model.Series("Low", (13, 14, 3, 12, 6, 11)))),
			model.Chart("kept", "Attainment per month", model.LINE, months, (model.Series("Attainment", (93, 96, None, 97, 99, 96.5)),), model.PERCENT, 95.0),
		),
		notes=(model.said("{0} of {1} were in time.", 6, 7),),
	)


def figures(monkeypatch, **found) -> None:
	"""What the collectors find from now on: a section by its key."""
	for key, section in found.items():
		registered = sections.SECTIONS[key]
		monkeypatch.setitem(sections.SECTIONS, key, registered._replace(collect=lambda _period, section=section: section))


def world(**more):
	"""author, reviewer (delivery managers), customer, asker and stranger (people of two customers), agreement."""
	w = reviewing.world()
	w.agreement = scenario.agreement(w.customer, **more)
	return w


def report(w, **values):
	"""A new report about March, being compiled."""
	given = {"doctype": DOCTYPE, "agreement": w.agreement.name, "report_kind": "Month", "period_from": FROM, "period_to": TO}
	with reviewing.user(w.author):
		return frappe.get_doc({**given, **values}).insert()


def make(doc, by: str):
	"""Have its figures made, and let the job run."""
	with reviewing.user(by):
		making.start(doc.name)
		making.run(doc.name, frappe.db.get_value(DOCTYPE, doc.name, "making_run"))
	return frappe.get_doc(DOCTYPE, doc.name)


def made(w, **values):
	return make(report(w, **values), w.author)


def published(w, doc=None, **values):
	"""Taken through its review and published; its PDF is handed over."""
	doc = reviewing.act(doc or made(w, **values), "Ask for Internal Review", w.author)
	reviewing.approve(doc, w.reviewer, INTERNAL)
	doc = reviewing.act(doc, "Publish", w.author)
	publishing.run(doc.name)
	return frappe.get_doc(DOCTYPE, doc.name)


def promised(w, **more):
	"""A monthly report that was promised, about March, on somebody's list."""
	return deliverable_scene.document(
		w.author, w.customer, agreement=w.agreement.name, period_from=FROM, period_to=TO, title=factories.unique("Report"), files=[], **more
	)
