"""The figures against an independent count: rows laid down by hand, counted again in plain loops."""

import datetime
import json
import math
import random
from collections import Counter

import frappe
import pytest
from frappe.desk.query_report import run as run_report

from ops_delivery.services.clocks import figures, support_record
from ops_delivery.services.engine import desk_counts as attention
from ops_delivery.services.shared import site_time

pytestmark = pytest.mark.usefixtures("rows")

NOW = datetime.datetime(2031, 6, 20, 6, 0, tzinfo=datetime.timezone.utc)  # after any other data of the site
FIRST, LAST = datetime.date(2031, 1, 1), datetime.date(2031, 6, 30)
PERIOD = {"from_date": str(FIRST), "to_date": str(LAST)}
COMMITMENTS = ("First Response", "Resolution")
PRIORITIES = ("Low", "Medium", "High")
CUSTOMERS = ("Figures North", "Figures South")
CATEGORIES = ("Figures Network", "Figures Server", None)
CHANNELS = ("Phone", "Portal", None)


def put(doctype, **values):
	"""A row as it stands in the table, without any rule."""
	doc = frappe.get_doc({"doctype": doctype, **values})
	doc.flags.name_set = True
	doc.name = values["name"]
	doc.db_insert()
	return doc


@pytest.fixture(autouse=True)
def now(site):
	frappe.flags.ops_now = NOW


@pytest.fixture(scope="module")
def rows(shared_records):
	"""Requests and clocks, written by hand."""
	with shared_records():
		return write_rows()


def write_rows():
	chance = random.Random(20311)
	issues, clocks = [], []
	for customer in CUSTOMERS:
		put("Customer", name=customer, customer_name=customer)
		put("Service Object", name=f"OBJ {customer}", object_name=f"Core of {customer}", customer=customer)
		company = "Harbour Figures" if customer == CUSTOMERS[0] else "Quay Figures"
		put("Service Agreement", name=f"SA {customer}", customer=customer, company=company, docstatus=1)
	for commitment in COMMITMENTS:
		if not frappe.db.exists("Service Commitment", commitment):
			put("Service Commitment", name=commitment, commitment=commitment, sequence=10)
	for number in range(160):
		customer = chance.choice(CUSTOMERS)
		opened = datetime.datetime(2031, 1, 1) + datetime.timedelta(minutes=chance.randrange(170 * 24 * 60))
		invalid = chance.random() < 0.05
		issue = put(
			"Issue",
			name=f"ISS-FIG-{number:04}",
			subject=f"Link {number} down",
			customer=customer,
			company="Harbour Figures" if customer == CUSTOMERS[0] else "Quay Figures",
			status=chance.choice(["Open", "On Hold", "Resolved", "Closed", "Closed"]),
			priority=chance.choice(PRIORITIES),
			issue_type=chance.choice(CATEGORIES),
			opening_date=opened.date(),
			opening_time=opened.time(),
			creation=opened,
			ops_object=f"OBJ {customer}" if chance.random() < 0.7 else None,
			ops_channel=chance.choice(CHANNELS),
			ops_agreement=f"SA {customer}",
			ops_validity="Invalid" if invalid else "Valid",
			ops_invalid_reason="Not covered" if invalid else None,
			ops_reopen_count=chance.choice([0, 0, 0, 1, 2]),
			resolution_details="<p>Cable <b>replaced</b></p>",
		)
		issues.append(issue)
		for commitment in COMMITMENTS:
			clocks.append(_clock(chance, issue, opened, commitment, number))
	frappe.db.set_value("Issue", {"name": ["like", "ISS-FIG-%"]}, "_assign", '["Administrator"]')
	for number, kind in enumerate(["Warning", "Warning", "Alarm", "Manager Route"]):
		put(
			"Escalation Log",
			name=f"esc-fig-{number}",
			kind=kind,
			step=kind,
			clock=clocks[number].name,
			customer=clocks[number].customer,
			agreement=clocks[number].agreement,
			commitment=clocks[number].commitment,
			fired_on=datetime.datetime(2031, 3, 1 + number),
			acknowledged=number == 1,
		)
	for number, state in enumerate(["Accepted", "Accepted", "Rejected", "Deemed Accepted"]):
		put(
			"Service Acceptance",
			name=f"acc-fig-{number}",
			reference_doctype="Issue",
			reference_name=issues[number].name,
			customer=issues[number].customer,
			agreement=issues[number].ops_agreement,
			state=state,
			requested_on=datetime.datetime(2031, 3, 1 + number),
		)
	return frappe._dict(issues=issues, clocks=clocks)


def _clock(chance, issue, opened, commitment, number):
	target = 4 * 3600
	state = chance.choice(["Met", "Met", "Met", "Running", "Paused", "Cancelled"])
	elapsed = chance.randrange(1, 2 * target) if state != "Running" else chance.randrange(0, 600)
	# a running clock: some deadlines are over although no event has said so yet
	due = site_time.to_site(NOW) + datetime.timedelta(minutes=chance.choice([-500, -1, 30, 600]))
	return put(
		"Service Clock",
		name=f"clk-fig-{number}-{commitment[:3]}",
		reference_doctype="Issue",
		reference_name=issue.name,
		commitment=commitment,
		customer=issue.customer,
		agreement=issue.ops_agreement,
		priority=issue.priority,
		state=state,
		target=target,
		elapsed=elapsed,
		breached=int(elapsed > target),
		due_on=due if state == "Running" else None,
		started_on=opened + datetime.timedelta(minutes=chance.randrange(0, 90)),
		stopped_on=opened + datetime.timedelta(days=1) if state == "Met" else None,
	)


def counted(clocks):
	"""The plain count the reports must agree with."""
	now = site_time.to_site(NOW)
	kept = missed = running = 0
	times = []
	for clock in clocks:
		if clock.state == "Cancelled":
			continue
		late = clock.elapsed > clock.target or (clock.state == "Running" and clock.due_on < now)
		if late:
			missed += 1
		elif clock.state == "Met":
			kept += 1
		else:
			running += 1
		if clock.state == "Met":
			times.append(clock.elapsed)
	times.sort()
	return {
		"total": kept + missed + running,
		"met": kept,
		"breached": missed,
		"running": running,
		"attainment": 100.0 * kept / (kept + missed) if kept + missed else None,
		"mean": round(sum(times) / len(times)) if times else None,
		"p90": times[math.ceil(0.9 * len(times)) - 1] if times else None,
	}


def report(**filters):
	return run_report("Response Support Figures", filters={**PERIOD, **filters}, ignore_prepared_report=True)


def agrees(row, clocks):
	expected = counted(clocks)
	assert {key: row[key] for key in expected} == pytest.approx(expected)


@pytest.mark.clause("8.4.b.2", "5.3.d")
def test_attainment_per_commitment(rows):
	found = {row["commitment"]: row for row in report(view_by="Commitment")["result"]}
	assert list(found) == ["First Response", "Resolution"]
	for commitment in COMMITMENTS:
		agrees(found[commitment], [c for c in rows.clocks if c.commitment == commitment])


@pytest.mark.clause("8.4.b.2")
@pytest.mark.parametrize(
	("view", "key"),
	[
		("Priority", lambda issue, clock: issue.priority),
		("Category", lambda issue, clock: issue.issue_type or "Not set"),
		("Customer", lambda issue, clock: issue.customer),
		("Object", lambda issue, clock: f"Core of {issue.customer}" if issue.ops_object else "Not set"),
		("Channel", lambda issue, clock: issue.ops_channel or "Not set"),
		("Agreement", lambda issue, clock: issue.ops_agreement),
		("Month", lambda issue, clock: clock.started_on.strftime("%Y-%m")),
	],
)
def test_every_view_against_a_plain_count(rows, view, key):
	issue_of = {issue.name: issue for issue in rows.issues}
	expected = {}
	for clock in rows.clocks:
		if clock.state != "Cancelled":
			group = key(issue_of[clock.reference_name], clock)
			expected.setdefault((group, clock.commitment), []).append(clock)
	result = report(view_by=view)
	found = {(row["group"], row["commitment"]): row for row in result["result"]}
	assert found.keys() == expected.keys()
	for group, clocks in expected.items():
		agrees(found[group], clocks)
	for commitment in COMMITMENTS:
		assert sum(r["share"] for r in result["result"] if r["commitment"] == commitment) == pytest.approx(
			100
		)
	assert result["chart"]["data"]["labels"]


@pytest.mark.clause("8.4.b.2")
@pytest.mark.parametrize(
	("filters", "keep"),
	[
		({"customer": CUSTOMERS[0]}, lambda c: c.customer == CUSTOMERS[0]),
		({"company": "Quay Figures"}, lambda c: c.customer == CUSTOMERS[1]),
		({"agreement": f"SA {CUSTOMERS[0]}"}, lambda c: c.agreement == f"SA {CUSTOMERS[0]}"),
		({"priority": "High"}, lambda c: c.priority == "High"),
		({"commitment": "Resolution"}, lambda c: c.commitment == "Resolution"),
		(
			{"from_date": "2031-02-01", "to_date": "2031-02-28"},
			lambda c: c.started_on.strftime("%Y-%m") == "2031-02",
		),
	],
)
def test_filters(rows, filters, keep):
	total = {"total": 0, "met": 0, "breached": 0, "running": 0}
	for row in report(view_by="Priority", **filters)["result"]:
		for key in total:
			total[key] += row[key]
	expected = counted([c for c in rows.clocks if keep(c)])
	assert total == {key: expected[key] for key in total}


@pytest.mark.clause("8.4.b.2")
def test_requests_and_their_distribution(rows):
	found = figures.requests(PERIOD)
	assert found.total == len(rows.issues)
	assert found.invalid == sum(i.ops_validity == "Invalid" for i in rows.issues)
	assert found.closed == sum(i.status == "Closed" for i in rows.issues)
	offered = [
		i
		for i in rows.issues
		if i.ops_validity == "Valid" and (i.status in ("Resolved", "Closed") or i.ops_reopen_count)
	]
	assert found.reopen_rate == pytest.approx(sum(i.ops_reopen_count > 0 for i in offered) / len(offered))
	assert figures.distribution("priority", PERIOD) == Counter(i.priority for i in rows.issues)
	assert figures.distribution("category", PERIOD) == Counter(i.issue_type or "" for i in rows.issues)
	months = figures.distribution("month", PERIOD)
	assert list(months) == sorted(months)
	assert sum(months.values()) == len(rows.issues)


@pytest.mark.clause("8.4.b.2")
def test_trend_is_by_month(rows):
	trend = figures.trend(PERIOD)
	assert list(trend) == sorted(trend)
	february = counted([c for c in rows.clocks if c.started_on.strftime("%Y-%m") == "2031-02"])
	assert trend["2031-02"].met == february["met"]
	assert trend["2031-02"].breached == february["breached"]


@pytest.mark.clause("8.4.a.1", "8.4.b.2")
def test_acceptances_and_escalations(rows):
	assert figures.acceptances(PERIOD) == {"Accepted": 2, "Deemed Accepted": 1, "Rejected": 1}
	assert figures.escalations(PERIOD) == {
		"Alarm": {"fired": 1, "acknowledged": 0},
		"Manager Route": {"fired": 1, "acknowledged": 0},
		"Warning": {"fired": 2, "acknowledged": 1},
	}
	cards = {card["label"]: card["value"] for card in report()["report_summary"]}
	assert cards["Rejected"] == 1
	assert cards["Requests"] == len(rows.issues)


def test_running_out_and_missed(rows):
	now = site_time.to_site(NOW)
	ours = [c for c in rows.clocks if c.state in ("Running", "Paused")]
	soon = [c for c in ours if c.due_on and now <= c.due_on <= now + datetime.timedelta(hours=2)]
	late = [c for c in ours if c.breached or (c.due_on and c.due_on < now)]
	frappe.flags.ops_now = NOW
	frappe.db.delete("Service Clock", {"name": ["not like", "clk-fig-%"]})  # what others left on the site
	assert attention.running_out()["value"] == len(soon)
	assert attention.missed_and_open()["value"] == len(late)


def _as_the_list_reads(doctype: str, options: dict) -> list:
	"""Route options as Frappe's list view makes filters of them (list_view.js, parse_filters_from_route_options)."""
	found = []
	for field, value in options.items():
		if isinstance(value, list) and str(value[0]).startswith("["):
			found += [[doctype, field, *json.loads(one)] for one in value]
		else:
			found.append([doctype, field, *value])
	return found


@pytest.mark.parametrize("who", ["running_out", "missed_and_open", "assigned_requests", "assigned_reviews"])
def test_a_card_leads_to_the_records_it_counted(rows, who):
	frappe.flags.ops_now = NOW
	card = getattr(attention, who)()
	doctype = card["route"][1]
	filters = _as_the_list_reads(doctype, card["route_options"])
	assert len(frappe.get_list(doctype, filters=filters, limit=0)) == card["value"]
	assert all(operator != "between" for _doctype, _field, operator, _value in filters)


def test_cards_and_shortcuts_of_the_workspace_ask_for_nothing_that_an_address_cannot_say(site):
	"""A list reads its filters from its address: a null, or an empty text within "in", is lost there."""
	for card in frappe.get_all("Number Card", {"module": "Ops Delivery"}, ["name", "filters_json"]):
		for _doctype, _field, operator, value, *_rest in json.loads(card.filters_json or "[]"):
			values = value if isinstance(value, list) else [value]
			assert None not in values and "" not in values and operator != "between", card.name
	for shortcut in frappe.get_doc("Workspace", "Ops Delivery").shortcuts:
		for value in json.loads(shortcut.stats_filter or "{}").values():
			values = value[1] if isinstance(value, list) else value
			values = values if isinstance(values, list) else [values]
			assert None not in values and "" not in values, shortcut.label


@pytest.mark.clause("8.4.b.1", "5.3.b", "5.3.d")
def test_support_record_has_every_request(rows):
	answer = run_report("Response Support Record", filters=PERIOD, ignore_prepared_report=True)
	lines = {line["name"]: line for line in answer["result"]}
	assert lines.keys() == {issue.name for issue in rows.issues}
	labels = {column["fieldname"] for column in answer["columns"]}
	assert {"reported", "channel", "validity", "category", "urgency", "importance", "priority"} <= labels
	assert {"assignees", "missed", "acceptance", "agreement", "resolved", "result"} <= labels
	first = {c["fieldname"]: c["label"] for c in answer["columns"]}
	took = {label.split(":")[0]: name for name, label in first.items() if name.startswith("took_")}
	for issue in rows.issues:
		line = lines[issue.name]
		own = [c for c in rows.clocks if c.reference_name == issue.name and c.state != "Cancelled"]
		for clock in own:
			assert line[took[clock.commitment]] == (clock.elapsed if clock.state == "Met" else None)
		late = [c.commitment for c in own if counted([c])["breached"]]
		assert line["missed"] == ", ".join(name for name in COMMITMENTS if name in late)
		assert line["reported"] == datetime.datetime.combine(issue.opening_date, issue.opening_time)
		assert line["result"] == ("Not covered" if issue.ops_validity == "Invalid" else "Cable replaced")
	assert line["assignees"] == frappe.db.get_value("User", "Administrator", "full_name")


def test_support_record_filters(rows):
	invalid = support_record.lines({**PERIOD, "validity": "Invalid"})
	assert {line.name for line in invalid} == {i.name for i in rows.issues if i.ops_validity == "Invalid"}
	one = support_record.lines({**PERIOD, "customer": CUSTOMERS[1]})
	assert {line.customer for line in one} == {CUSTOMERS[1]}


def test_bad_filters_name_the_field():
	with pytest.raises(frappe.ValidationError, match="From Date"):
		figures.outcomes({"from_date": "2031-05-01", "to_date": "2031-04-01"})
	with pytest.raises(frappe.ValidationError, match="Choose one of"):
		report(view_by="Weather")
	with pytest.raises(frappe.ValidationError, match="Choose one of"):
		figures.distribution("weather", PERIOD)


def test_an_empty_period_says_so(rows):
	answer = report(from_date="2034-01-01", to_date="2034-02-01")
	assert answer["result"] == []
	assert "No promise was measured" in answer["message"]
	assert not answer["chart"]


def test_only_what_the_user_may_read_is_counted(rows):
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": "figures.manager@ops.example",
			"first_name": "Figures",
			"send_welcome_email": 0,
			"roles": [{"role": "Service Delivery Manager"}, {"role": "Support Team"}],
		}
	).insert(ignore_permissions=True)
	frappe.get_doc(
		{"doctype": "User Permission", "user": user.name, "allow": "Customer", "for_value": CUSTOMERS[0]}
	).insert(ignore_permissions=True)
	frappe.set_user(user.name)
	try:
		assert {o.keys["customer"] for o in figures.outcomes(PERIOD)} == {CUSTOMERS[0]}
		assert {line.customer for line in support_record.lines(PERIOD)} == {CUSTOMERS[0]}
		assert figures.requests(PERIOD).total == sum(i.customer == CUSTOMERS[0] for i in rows.issues)
	finally:
		frappe.set_user("Administrator")


@pytest.mark.parametrize("name", ["Response Support Figures", "Response Support Record"])
@pytest.mark.parametrize("kind", ["HTML", "XLSX", "CSV"])
def test_reports_can_be_mailed(rows, name, kind):
	mail = frappe.get_doc(
		{
			"doctype": "Auto Email Report",
			"report": name,
			"report_type": "Script Report",
			"user": "Administrator",
			"email_to": "manager@ops.example",
			"frequency": "Monthly",
			"format": kind,
			"filters": frappe.as_json(PERIOD),
			"send_if_data": 1,
		}
	)
	mail.name = f"{name} {kind}"
	content = mail.get_report_content()
	assert content
	if kind != "XLSX":
		text = content if isinstance(content, str) else content.decode()
		assert ("Resolution" in text) or ("ISS-FIG-0001" in text)
