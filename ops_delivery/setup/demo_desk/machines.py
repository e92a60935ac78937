"""A monitoring system of the demo's hospital: a month of hourly readings, and a night on which an alert opened a request (6.2.b, 5.3.b)."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random
from typing import Any

import frappe

from ops_delivery.domain.monitoring import alerts as alert_lines
from ops_delivery.services.monitoring import alerts, machine_readings, sources
from ops_delivery.services.requests.machine_requests import acting
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import data
from ops_delivery.setup.demo_desk import routine_data as script

SEED, DAYS = 7, 30
HOUR = timedelta(hours=1)
MESSAGE = 500  # lines of one message


def make(stage, company, publish: Callable[[dict[str, Any]], str]) -> None:
	"""A source with its manual, what it reported, and the alert: it fired at night, was over after twenty minutes, and its result
	waits for the customer. `publish` makes a manual that was reviewed."""
	manual, customer = publish(script.WATCHED), data.CUSTOMERS[0]["name"]
	stage.move_to(stage.end - timedelta(days=DAYS, hours=1))
	frappe.set_user(data.MANAGER)
	source = frappe.get_doc(
		{
			"doctype": sources.DOCTYPE,
			**script.SOURCE,
			"customer": customer,
			"manual": manual,
			"keeper": script.KEEPER,
			"objects": [{"service_object": company.objects[thing]} for thing in script.THINGS],
		}
	).insert()
	frappe.set_user("Administrator")
	sources.new_token(source.name)
	names = {thing: frappe.db.get_value("Service Object", company.objects[thing], "object_name") for thing in script.THINGS}
	night = (stage.end - timedelta(days=3)).astimezone(site_time.site_zone()).replace(hour=2, minute=10, second=0, microsecond=0)
	fired = night.astimezone(site_time.UTC)
	issue = _alert(stage, source.name, names["his"], fired, firing=True)
	_alert(stage, source.name, names["his"], fired + timedelta(minutes=20), firing=False)
	stage.move_to(fired + timedelta(minutes=35))
	_resolve(issue)
	_report(stage, source.name, names, fired)


def _report(stage, source: str, names: dict[str, str], fired: datetime) -> None:
	"""The readings of each hour until now; around the alert it was warm."""
	chance, lines = Random(SEED), []
	end = stage.end.replace(minute=0, second=0, microsecond=0)
	for number in range(DAYS * 24, 0, -1):
		at = end - number * HOUR
		local = at.astimezone(site_time.site_zone())
		day = math.sin((local.hour - 9) / 24 * 2 * math.pi)
		for thing, name in names.items():
			warm = 7.5 if thing == "his" and abs(at - fired) < HOUR else 0
			values = (21.8 + 1.1 * day + warm + chance.uniform(-0.3, 0.3), 46 - 3 * day + chance.uniform(-1.5, 1.5))
			lines += [
				{"object": name, "metric": metric, "value": round(value, 1), "time": at.isoformat()}
				for metric, value in zip(script.METRICS, values, strict=True)
			]
	stage.move_to(stage.end)
	for start in range(0, len(lines), MESSAGE):
		with acting():
			locked = sources.locked(source)
			answer = machine_readings.receive(locked, machine_readings.message_of(locked, json.dumps(lines[start : start + MESSAGE]), False))
			# nothing is expected of a demo's machine, which nobody runs
			sources.heard(locked, machine_readings.in_words(answer), readings=False)


def _resolve(issue: str) -> None:
	"""The alert is over, and its security check is a person's: the engineer on duty says what it was, and offers the result."""
	frappe.set_user(data.FIELD[0])
	frappe.get_doc("Issue", issue).update({"status": "Resolved", "resolution_details": f"<p>{script.CAUSE}</p>", "ops_security_checked": 1}).save()
	frappe.set_user("Administrator")


def _alert(stage, source: str, thing: str, at: datetime, firing: bool) -> str:
	"""The request that the alert is kept on."""
	stage.move_to(at)
	alert = {"id": "room-hot", "state": "firing" if firing else "resolved", "object": thing, "time": at.isoformat(), **script.ALERT}
	with acting():
		locked = sources.locked(source)
		answer = alerts.receive(locked, alert_lines.read(json.dumps(alert), sources.zone_of(locked)))
		sources.heard(locked, alerts.in_words(answer), readings=False)
	return answer["answers"][0]["issue"]
