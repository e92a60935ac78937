"""Machines that report: a source with its token, and messages to its door as they come over HTTP."""

import json
from datetime import datetime, timedelta, timezone

import api_calls
import factories
import frappe
import frappe.api
import frappe.app
import reviewing
import routine_scene
import scenario
import wire

from ops_delivery.services.monitoring import door

SOURCE, ALERT, READING = "Monitoring Source", "Monitoring Alert", "Routine Reading"
API = "ops_delivery.api.monitoring"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=scenario.ZONE)  # within the agreement, a Monday at ten


def source_values(agreement, **values) -> dict:
	return {
		"doctype": SOURCE,
		"title": factories.unique("Prometheus"),
		"customer": agreement.customer,
		"manual": values.pop("manual", None) or routine_scene.in_use().name,
		**values,
	}


def world(**values):
	"""An agreement in force, two objects, a source and its token."""
	agreement = scenario.agreement()
	w = frappe._dict(agreement=agreement, customer=agreement.customer)
	w.things = [routine_scene.thing(agreement.customer) for _number in range(2)]
	w.names = [frappe.db.get_value("Service Object", name, "object_name") for name in w.things]
	w.source = frappe.get_doc(source_values(agreement, **values)).insert(ignore_permissions=True)
	w.manual = frappe.get_doc(routine_scene.MANUAL, w.source.manual)
	w.heat, w.lamp, w.door, w.seen = (step.step_key for step in w.manual.steps)
	w.manager = reviewing.manager()
	with scenario.at(NOW - timedelta(days=1)):
		w.token = ask(w.manager, "new_token", name=w.source.name)[1]
	return w


def ask(user: str, function: str, **form):
	"""An endpoint of the form: (status, message)."""
	answer = api_calls.post(user, f"{API}.{function}", **form)
	content = json.loads(answer.text)
	assert answer.status < 500, content
	return answer.status, content.get("message", content)


def send(token: str | None, kind: str, body, mimetype: str = "application/json", query: str = "", **headers):
	"""A machine's message in this process: (status, message)."""
	data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
	said = {"Authorization": f"Bearer {token}"} if token is not None else {}
	given = {"data": data, "content_type": mimetype, "query_string": query, "headers": {**said, **headers}}
	with api_calls.request("Guest", "POST", f"/api/method/{API}.{kind}", **given), scenario.at(frappe.flags.ops_now or NOW):
		door.before_request()
		try:
			response = frappe.api.handle(frappe.request)
			frappe.db.commit()
		except Exception as error:
			response = frappe.app.handle_exception(error)
		door.after_request(response, frappe.request)
		content = json.loads(response.get_data())
	assert response.status_code < 500, content
	return response.status_code, content.get("message", content)


def reading(w, value=21, metric="Read the temperature", thing=0, ago=60, **values) -> dict:
	"""A line; `ago` seconds before NOW."""
	when = (NOW - timedelta(seconds=ago)).isoformat()
	return {"object": w.names[thing], "metric": metric, "value": value, "time": when, **values}


def alert(w, name: str = "Hot", thing=0, firing: bool = True, **labels) -> dict:
	"""An alert as Alertmanager sends it."""
	began = NOW.astimezone(timezone.utc) - timedelta(minutes=5)
	return {
		"status": "firing" if firing else "resolved",
		"labels": {"alertname": name, "instance": f"{w.names[thing]}:9100", "severity": "critical", **labels},
		"annotations": {"summary": f"{name} on {w.names[thing]}", "description": "The room is above 40 degrees"},
		"startsAt": began.isoformat().replace("+00:00", "Z"),
		"endsAt": "0001-01-01T00:00:00Z" if firing else NOW.astimezone(timezone.utc).isoformat(),
		"generatorURL": "http://prometheus.example/graph?g0.expr=up",
		"fingerprint": f"{name}-{w.names[thing]}",
	}


def webhook(*alerts) -> dict:
	"""The message of Alertmanager's webhook, version 4."""
	return {
		"version": "4",
		"groupKey": "{}:{}",
		"truncatedAlerts": 0,
		"status": "firing",
		"receiver": "ops",
		"groupLabels": {},
		"commonLabels": {},
		"commonAnnotations": {},
		"externalURL": "http://alertmanager.example",
		"alerts": list(alerts),
	}


def results(answer: dict) -> list[str]:
	return [line["result"] for line in answer["answers"]]


def machine(site: str, token: str | None):
	"""A machine on the network: machine(kind, body, mimetype) -> wire.Answer, through the whole of Frappe."""
	visitor = wire.Visitor(site)

	def call(kind: str, body, mimetype: str = "application/json", path: str = "", **headers) -> wire.Answer:
		data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
		said = {"Authorization": f"Bearer {token}"} if token is not None else {}
		return visitor.ask(
			"POST", f"/api/method/{API}.{kind}{path}", data=data, content_type=mimetype, headers={**said, **headers}
		)

	return call


def delete_all(w) -> None:
	"""What a world of a committed test left past its documents."""
	frappe.db.delete(READING, {"source": w.source.name})
	for name in frappe.get_all("Issue", {"customer": w.customer}, pluck="name"):
		frappe.db.delete("Comment", {"reference_name": name})
	for doctype in ("Object State", "Reading Day", "Routine Finding"):
		frappe.db.delete(doctype, {"service_object": ["in", w.things]})
	frappe.db.delete("Rule Version", {"reference_name": w.manual.name})
