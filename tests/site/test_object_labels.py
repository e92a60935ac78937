"""Labels of objects, and what scanning one opens for whom; the trend and its paper (8.3.a.1, 8.3.b.3)."""

import json
from datetime import datetime, timedelta
from urllib.parse import quote

import api_calls
import customers
import factories
import frappe
import papers
import pytest
import routine_scene as scene
import scenario
from pages import get

from ops_delivery.services.papers import object_labels
from ops_delivery.services.routine import object_states, reading_days


@pytest.fixture
def w(site):
	"""An object with 40 days of temperatures that rise by half a degree a day, the last above the warning limit."""
	agreement = scenario.agreement()
	manual = scene.in_use()
	found = frappe._dict(agreement=agreement, customer=agreement.customer, manual=manual, key=manual.steps[0].step_key)
	found.thing = scene.thing(agreement.customer, object_name="Rack <7>")
	found.desk = factories.make_user(roles=["Service Desk"]).name
	measure(found, [(day, 8.5 + day / 2) for day in range(40)])
	return found


def measure(w, values, key=None, until="2026-03-02 08:00"):
	"""Readings of days that end at a moment: (day, value)."""
	last, rows = datetime.fromisoformat(until), []
	for day, value in values:
		verdict = "Abnormal" if value > 32 or value < 10 else "At Risk" if value > 27 or value < 18 else "Normal"
		rows.append(
			{
				**{"service_object": w.thing, "customer": w.customer, "manual": w.manual.name, "step_key": key or w.key},
				**{"step": "Read the temperature", "value": f"{value:g}", "number": value, "is_number": 1, "unit": "℃", "verdict": verdict},
				**{"read_on": last - timedelta(days=len(values) - 1 - day), "name": frappe.generate_hash(length=12)},
			}
		)
	for row in rows:
		frappe.get_doc({"doctype": scene.READING, **row}).db_insert()
	object_states.note(rows)
	reading_days.note(rows)


def trend(w, user=None, **form):
	with scene.at("2026-03-02", "12:00"):
		answer = api_calls.post(user or w.desk, "ops_delivery.api.object_states.trend", **{"service_object": w.thing, "step_key": w.key, **form})
	content = json.loads(answer.text)
	assert answer.status < 500, content
	return answer.status, content.get("message", content)


def paper(w, function, language="en", user=None, **form):
	before, frappe.local.lang = frappe.local.lang, language
	try:
		with scene.at("2026-03-02", "12:00"):
			return api_calls.post(user or w.desk, f"ops_delivery.api.printing.{function}", **form)
	finally:
		frappe.local.lang = before


@pytest.mark.clause("8.3.b.3")
def test_a_trend_says_its_limits_its_forecast_with_method_and_range_and_how_to_remove_the_risk(w):
	status, found = trend(w)
	assert status == 200 and (found["bucket"], found["count"], found["found"]) == ("all", 40, 21)
	assert dict(found["limits"])["At risk above"] == "27 ℃"
	said = " ".join(found["forecast"])
	assert "Theil and Sen" in said and "90 %" in said and "+15 ℃" in said
	assert "upper alarm limit (32 ℃)" in " ".join(found["crossings"])
	assert "before the value becomes abnormal" in found["advice"][0]
	assert found["svg"].startswith("<svg") and "<title>" in found["svg"] and "&lt;7&gt;" in found["svg"]
	assert [row["verdict"] for row in found["findings"][:3]] == ["At Risk"] * 3 and found["findings"][-1]["value"] == "8.5"
	assert len(found["rows"]) == 40 and found["rows"][0][1] == "28"


@pytest.mark.clause("8.3.b.3")
def test_a_trend_of_few_readings_says_so_and_a_span_without_any_too(w):
	found = trend(w, days=5)[1]
	assert found["count"] == 5 and "Too few readings" in found["forecast"][0] and not found["crossings"]
	with scene.at("2027-03-02"):
		answer = api_calls.post(w.desk, "ops_delivery.api.object_states.trend", service_object=w.thing, step_key=w.key, days=30)
	assert json.loads(answer.text)["message"]["svg"] == ""


def test_a_trend_is_taken_together_by_weeks_and_months_and_where_single_readings_are_too_many(w):
	weeks = trend(w, bucket="week")[1]
	assert weeks["bucket"] == "week" and sum(int(row[1]) for row in weeks["rows"]) == 40 and len(weeks["rows"]) == 7
	months = trend(w, bucket="month")[1]
	assert [row[1] for row in months["rows"]] == ["2", "28", "10"]
	measure(w, [(number, 20 + number % 3) for number in range(500)], key="many", until="2026-03-02 07:00")
	many = trend(w, step_key="many", days=730, bucket="all")[1]
	assert (many["bucket"], many["coarser"], many["count"]) == ("week", True, 500)
	assert "bucket" in trend(w, bucket="<b>")[1] and trend(w, bucket="<b>")[1]["bucket"] == "all"


@pytest.mark.parametrize(("language", "words"), [("en", ["Trend Analysis", "Rack <7>", "At risk since", "Theil"]), ("zh", ["趋势分析", "有风险"])])
@pytest.mark.clause("8.3.b.3")
def test_the_trend_is_a_paper(w, language, words):
	answer = paper(w, "object_trend", language, service_object=w.thing, step_key=w.key, days=365)
	assert (answer.status, answer.content[:4]) == (200, b"%PDF")
	text = papers.text_of(answer.content)
	for word in words:
		assert word in text, (word, text)


@pytest.mark.clause("8.3.a.1")
def test_labels_are_printed_for_many_and_for_one_from_any_place_of_the_sheet(w):
	things = [w.thing, *(scene.thing(w.customer) for _n in range(3))]
	answer = paper(w, "object_labels", names=json.dumps(things), skip=22)
	assert (answer.status, answer.content[:4]) == (200, b"%PDF")
	text = papers.text_of(answer.content)
	assert "Rack <7>" in text and all(name in text for name in things) and len(papers.PdfReader(papers.io.BytesIO(answer.content)).pages) == 2
	for form, said in (({"names": "[]"}, "No object is chosen"), ({"names": json.dumps([w.thing]), "skip": 24}, "from 0 to 23")):
		answer = paper(w, "object_labels", **form)
		assert answer.status == 417 and said in answer.text, answer.text
	restricted = factories.make_user(roles=["Service Desk"]).name
	factories.make("User Permission", user=restricted, allow="Customer", for_value=factories.make_customer().name)
	assert paper(w, "object_labels", user=restricted, names=json.dumps([w.thing])).status == 403
	assert paper(w, "object_trend", user=restricted, service_object=w.thing, step_key=w.key).status == 403
	assert paper(w, "object_labels", user=factories.make_portal_user(w.customer).name, names=json.dumps([w.thing])).status == 403


@pytest.mark.clause("8.3.a.1")
def test_a_scanned_label_opens_what_is_right_for_whoever_scans_and_tells_nobody_else_anything(site):
	world = customers.world()
	thing, other = scene.thing(world.customer), scene.thing(factories.make_customer().name)
	assert object_labels.address(thing).endswith(f"/service-object/{thing}")
	for name in (thing, "OBJ-99999", 'x"><script>'):
		status, target = get(f"/service-object/{name}", "Guest")
		path = f"/service-object/{quote(name, safe='')}"
		assert status == 302 and target == f"/login?redirect-to={quote(path)}", target
	desk = factories.make_user(roles=["Field Engineer"]).name
	status, target = get(f"/service-object/{thing}", desk)
	assert status == 302 and target.endswith(f"/object-overview/{thing}")
	status, target = get(f"/service-object/{thing}", world.asker)
	assert (status, target) == (302, f"/service-requests/new?object={thing}")
	html = get(target, world.asker)[1]
	assert f'value="{thing}" selected' in html and "belongs to none of your objects" not in html
	pages = []
	for name in (other, "OBJ-99999"):
		html = get(f"/service-requests/new?object={name}", world.asker)[1]
		assert "belongs to none of your objects" in html and name not in html.split('<div class="ops-portal">')[1]
		pages.append(html.count("<option"))
	assert pages[0] == pages[1]
