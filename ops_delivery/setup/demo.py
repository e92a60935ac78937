"""A demo desk: people, customers, agreements and half a year of requests, generated through the services.

`bench --site SITE execute ops_delivery.setup.demo.make` on a site whose set-up wizard is done. People,
customers and agreements first; then either every request or none, so that a run that was killed is simply repeated. A
second run only returns the log-ins again. No mail leaves such a site.
"""

from __future__ import annotations

import time
from datetime import timedelta

import frappe
from frappe.installer import update_site_config

from ops_delivery.permissions import switches
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.shared import site_time
from ops_delivery.setup import site_formats
from ops_delivery.setup.demo_desk import (
	agreement_life,
	cast,
	complaints,
	consulting,
	data,
	deliverables,
	endings,
	incidents,
	optimization,
	papers,
	plan,
	routine,
	service_reports,
	surveys,
	visits,
)
from ops_delivery.setup.demo_desk.life import Life
from ops_delivery.setup.demo_desk.pace import Plot
from ops_delivery.setup.demo_desk.stage import Stage

MADE = "ops_delivery_demo"
SEED = 28827
# what follows the requests, each in an advanced state; a later one may link what an earlier one made
CHAPTERS = (
	optimization,
	plan,
	consulting,
	agreement_life,
	visits,
	routine,
	deliverables,
	incidents,
	complaints,
	surveys,
	papers,
	service_reports,
)


def make(requests: int = 200, months: int = 6) -> list[dict[str, str]]:
	"""Make the demo data on this site, unless it was made before; returns the log-ins {user, password, what}.

	`requests` spread over the last `months` months, besides those that show every state a request can be in now.
	"""
	if frappe.db.get_default(MADE):
		_say("The demo data is there already.")
		return log_ins()
	if not frappe.defaults.get_global_default("company"):
		raise SystemExit("Complete ERPNext's set-up wizard first: the demo works in the company it makes.")
	began = time.monotonic()
	update_site_config("mute_emails", 1)
	frappe.set_user("Administrator")
	site_formats.align()
	with Stage(site_time.utc_now(), months, SEED) as stage:
		build(stage, int(requests))
	frappe.clear_cache()
	found = ", ".join(f"{number} {kind}" for kind, number in counts().items())
	_say(f"Made in {time.monotonic() - began:.0f} s: {found}.")
	return log_ins()


def build(stage: Stage, requests: int) -> None:
	"""Cast and play the demo on a stage; nothing is committed here."""
	stage.move_to(stage.start - timedelta(days=10))
	_say("People and customers …")
	_switch_on()
	company = cast.make(stage)
	stage.settle()
	plots = _plots(stage, requests)
	for plot in plots:
		Life(stage, company, plot)
	endings.schedule(stage, company)
	_say(f"{len(plots)} requests between {stage.start:%Y-%m-%d} and {stage.end:%Y-%m-%d} …")
	stage.play(progress=_progress)
	stage.move_to(stage.end)
	agreements.refresh_statuses()
	_say("Plans, reviews and the agreements' later life …")
	for chapter in CHAPTERS:
		chapter.make(stage, company)
	frappe.db.set_default(MADE, stage.end.isoformat())


def _switch_on() -> None:
	"""The demo shows all of it; a site of one's own has nothing switched on after installing."""
	settings = frappe.get_doc(switches.SETTINGS)
	settings.issue_rule = switches.OURS
	settings.messages_for = settings.portal_for = switches.EVERYBODY
	settings.own_words = 1
	settings.save()


def counts() -> dict[str, int]:
	"""How many records of the kinds that matter there are on this site."""
	kinds = (
		"Issue",
		"Service Agreement",
		"Service Clock",
		"Service Clock Event",
		"Escalation Log",
		"Service Acceptance",
		"Service Leftover",
		"Delivery Plan",
		"Optimization Plan",
		"Consulting Report",
		"Service Review",
		"Service Complaint",
		"Improvement Action",
		"Field Service Sheet",
		"Remote Support Session",
		"Dispatch Profile",
		"Operation Manual",
		"Routine Task",
		"Routine Reading",
		"Deliverable",
		"Major Incident Report",
		"Service Report",
		"Knowledge Article",
		"Paper Template",
	)
	return {kind: frappe.db.count(kind) for kind in kinds}


def _plots(stage: Stage, requests: int) -> list[Plot]:
	"""What will be reported when and by whom, spread evenly with more by day than by night."""
	chance, plots = stage.chance, []
	span = (stage.end - timedelta(days=2) - stage.start).total_seconds()
	for number in range(requests):
		customer = chance.choices(data.CUSTOMERS, weights=[c["share"] for c in data.CUSTOMERS])[0]
		when = stage.start + timedelta(seconds=span * (number + chance.random()) / requests)
		plots.append(Plot(customer, chance.choice(customer["scenes"]), _hour_of(stage, customer, when)))
	return plots


def _hour_of(stage: Stage, customer: dict, when):
	"""Office hours where the customer keeps them; otherwise mostly so."""
	local = when.astimezone(site_time.site_zone())
	if local.weekday() > 4 and (not customer["around_the_clock"] or stage.chance.random() < 0.5):
		local -= timedelta(days=local.weekday() - 4)
	if not customer["around_the_clock"] or stage.chance.random() < 0.8:
		minute = stage.chance.triangular(8 * 60 + 20, 17 * 60 + 40, 10 * 60)
		local = local.replace(hour=int(minute // 60), minute=int(minute % 60))
	return max(stage.start, local.astimezone(site_time.UTC))


def log_ins() -> list[dict[str, str]]:
	"""Who can log in: staff on the desk, customers' people on the portal."""
	staff = [{"user": p["email"], "what": f"{p['name']}, {', '.join(p['roles'])}"} for p in data.STAFF]
	portal = [
		{"user": person["email"], "what": f"{person['name']}, {customer['name']} (portal)"}
		for customer in data.CUSTOMERS
		for person in customer["people"]
	]
	return [{"user": row["user"], "password": data.PASSWORD, "what": row["what"]} for row in staff + portal]


def _progress(share: float) -> None:
	_say(f"  {share:4.0%}")


def _say(text: str) -> None:
	print(text, flush=True)
