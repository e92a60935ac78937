"""The workspace leads somewhere: every link exists, every card and chart answers each of our roles."""

import inspect
import json

import frappe
import pytest
from frappe.desk.desktop import get_desktop_page, get_workspace_sidebar_items
from frappe.desk.doctype.dashboard.dashboard import get_permitted_cards, get_permitted_charts
from frappe.desk.doctype.dashboard_chart.dashboard_chart import get as chart_data
from frappe.desk.doctype.number_card.number_card import get_result as card_number
from frappe.desk.query_report import run as run_report

WORKSPACE = "Ops Delivery"
DASHBOARD = "Response Support"
# the keys of what was sent, so that it makes one record when it is sent twice; the ids of mails
# Reading Day is what trends are drawn from; Evidence Snapshot would tell those complained about what the page does not
NOBODY_READS = {"Service Posting", "Service Mail", "Reading Day", "Evidence Snapshot"}
ROLES = (
	"Service Delivery Manager", "Service Desk", "Field Engineer", "Technical Expert", "Complaint Handler",
	"Delivery Auditor",
)  # fmt: skip
# what a role may not read is not laid before it
FEWER_CARDS = {"Complaint Handler": 5}
OTHERS_CHARTS = {"Complaint Handler": {"Attainment per Month", "Satisfaction per Month"}}
OTHERS_ON_THE_DASHBOARD = {
	"Complaint Handler": {"Attainment per Month", "Promises by Category", "Promises by Commitment"},
}
OTHERS_SHORTCUTS = {
	"Field Engineer": {"Complaints"},
	"Technical Expert": {"Complaints"},
	"Complaint Handler": {
		"Service Agreement", "Response Support Figures", "Dispatch Board", "Delivery Plan", "Visit Calendar",
		"Escalation Log", "Response Support Record", "My Day",
	},
}


@pytest.fixture
def workspace():
	return frappe.get_doc("Workspace", WORKSPACE)


@pytest.fixture(params=ROLES)
def staff(request, make_user):
	"""A user with that one role, who is logged in."""
	user = make_user(roles=[request.param])
	frappe.set_user(user.name)
	return user


def test_every_target_exists(workspace):
	kinds = {"DocType": "DocType", "Report": "Report", "Dashboard": "Dashboard", "Page": "Page"}
	for link in [row for row in workspace.links if row.type == "Link"]:
		assert frappe.db.exists(kinds[link.link_type], link.link_to), link.link_to
	for shortcut in workspace.shortcuts:
		assert frappe.db.exists(kinds[shortcut.type], shortcut.link_to), shortcut.link_to
	for card in workspace.number_cards:
		assert frappe.db.exists("Number Card", card.number_card_name)
	for chart in workspace.charts:
		assert frappe.db.exists("Dashboard Chart", chart.chart_name)


def test_what_is_laid_out_is_there_and_the_other_way_round(workspace):
	laid_out = {}
	for block in json.loads(workspace.content):
		for key in ("number_card_name", "shortcut_name", "chart_name", "card_name"):
			if key in block["data"]:
				laid_out.setdefault(key, []).append(block["data"][key])
	assert laid_out["number_card_name"] == [row.number_card_name for row in workspace.number_cards]
	assert laid_out["shortcut_name"] == [row.label for row in workspace.shortcuts]
	assert laid_out["chart_name"] == [row.chart_name for row in workspace.charts]
	assert laid_out["card_name"] == [row.label for row in workspace.links if row.type == "Card Break"]


def test_every_doctype_of_the_module_is_reachable_or_part_of_another(workspace):
	linked = {row.link_to for row in workspace.links}
	own = frappe.get_all(
		"DocType", filters={"module": WORKSPACE, "istable": 0}, pluck="name", order_by="name"
	)
	assert set(own) - NOBODY_READS <= linked


def test_only_our_roles_see_it(workspace):
	assert {row.role for row in workspace.roles} == {*ROLES, "System Manager"}


def test_each_role_gets_cards_and_charts(staff, workspace):
	page = {"name": WORKSPACE, "title": WORKSPACE, "public": 1}
	shown = get_desktop_page(frappe.as_json(page))
	role = next(role for role in ROLES if role in frappe.get_roles())
	assert len(shown["number_cards"]["items"]) == len(workspace.number_cards) - FEWER_CARDS.get(role, 0)
	charts = {row.chart_name for row in shown["charts"]["items"]}
	assert charts == {row.chart_name for row in workspace.charts} - OTHERS_CHARTS.get(role, set())
	left_out = {row.label for row in workspace.shortcuts} - {row["label"] for row in shown["shortcuts"]["items"]}
	assert left_out == OTHERS_SHORTCUTS.get(role, set())


def test_each_role_has_a_way_in(staff):
	assert WORKSPACE in [page["name"] for page in get_workspace_sidebar_items()["pages"]]


def test_a_complaint_handler_finds_the_complaints(make_user):
	frappe.set_user(make_user(roles=["Complaint Handler"]).name)
	page = get_desktop_page(json.dumps({"name": WORKSPACE, "title": WORKSPACE, "public": 1}))
	shown = [row["link_to"] for row in page["shortcuts"]["items"]]
	assert "Service Complaint" in shown and "Issue" in shown and "Delivery Plan" not in shown


def test_each_card_counts_for_each_role(staff):
	for card in get_permitted_cards(DASHBOARD):
		doc = frappe.get_doc("Number Card", card.card)
		if doc.type == "Custom":
			answer = frappe.get_attr(doc.method)(filters=json.loads(doc.filters_json))
			assert isinstance(answer["value"], int)
			assert answer["route"][0] == "List"
			frappe.get_list(answer["route"][1], filters=_filters(answer), limit=1)
		else:
			assert card_number(doc.as_json(), doc.filters_json) >= 0


def test_each_chart_draws_for_each_role(staff):
	charts = get_permitted_charts(DASHBOARD)
	role = next(role for role in ROLES if role in frappe.get_roles())
	left_out = {row.chart for row in frappe.get_doc("Dashboard", DASHBOARD).charts} - {row.chart for row in charts}
	assert left_out == OTHERS_ON_THE_DASHBOARD.get(role, set())
	for row in charts:
		chart = frappe.get_doc("Dashboard Chart", row.chart)
		if chart.chart_type == "Report":
			run_report(chart.report_name, filters=json.loads(chart.filters_json), ignore_prepared_report=True)
		elif chart.chart_type == "Custom":
			answer = frappe.get_attr(_source_method(chart))()
			assert len(answer["labels"]) == len(answer["datasets"][0]["values"])
		else:
			assert chart_data(chart_name=chart.name, refresh=1) is not None


def test_a_stranger_gets_nothing():
	from ops_delivery.api import figures

	frappe.set_user("Guest")
	try:
		for _name, method in inspect.getmembers(figures, inspect.isfunction):
			if method.__module__ == figures.__name__:
				with pytest.raises(frappe.PermissionError):
					method()
	finally:
		frappe.set_user("Administrator")


@pytest.mark.parametrize("doctype", ["Issue", "Customer", "Service Agreement", "Service Object"])
def test_connections_name_real_fields(doctype):
	data = frappe.get_meta(doctype).get_dashboard_data()
	ours = set(frappe.get_all("DocType", filters={"module": WORKSPACE}, pluck="name", order_by="name"))
	seen = [item for group in data.transactions for item in group["items"]]
	assert ours & set(seen)
	for item in ours & set(seen):
		fieldname = data.get("non_standard_fieldnames", {}).get(item, data.fieldname)
		assert frappe.get_meta(item).has_field(fieldname), f"{item}.{fieldname}"
		if fieldname in data.get("dynamic_links", {}):
			assert frappe.get_meta(item).has_field(data["dynamic_links"][fieldname][1])


def _filters(answer):
	"""Route options hold several conditions of one field as texts of JSON."""
	filters = []
	for key, value in answer["route_options"].items():
		several = isinstance(value, list) and isinstance(value[0], str) and value[0].startswith("[")
		for one in map(json.loads, value) if several else [value]:
			filters.append([key, *one] if isinstance(one, list) else [key, "=", one])
	return filters


def _source_method(chart):
	"""The method that a chart source's script names."""
	from frappe.desk.doctype.dashboard_chart_source.dashboard_chart_source import get_config

	return get_config(chart.source).split('method: "')[1].split('"')[0]
