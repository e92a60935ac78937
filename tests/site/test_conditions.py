"""Conditions that administrators write reach values only, and no save waits for one (6.3.b, issue: closed doors)."""

import json
import time

import customers
import factories
import frappe
import pytest
import scenario

from ops_delivery.api import definitions as api
from ops_delivery.domain.errors import DomainError
from ops_delivery.services.engine import health
from ops_delivery.services.rules import clock_definitions as definitions
from ops_delivery.services.scope import active_rules as every_save
from ops_delivery.setup import install

WRITES = "doc.items and doc.items[0].parent_doc.db_set('title', 'taken') or True"
TAKES_FOR_EVER = "doc.name and 9 ** 9 ** 9 > 1"


def definition(**values):
	doc = frappe.new_doc("Clock Definition")
	doc.update(
		{
			"definition_name": factories.unique("Definition"),
			"commitment": "Resolution",
			"document_type": "Issue",
			"start_when": "True",
			"meet_when": "False",
			**values,
		}
	)
	return doc


@pytest.fixture
def issue():
	return customers.world().issue


@pytest.mark.parametrize("text", ["doc.name.__class__", "frappe.db.sql('x')", "(lambda: 1)()", "status == 'Open'", "doc.flags.x.y"])
def test_a_condition_that_reaches_beyond_the_values_is_refused_at_save(text):
	with pytest.raises(frappe.ValidationError, match="cannot be evaluated"):
		definition(start_when=text).insert()


@pytest.mark.parametrize("doctype", ["Clock Definition", "Review Rule", "Survey Rule"])
def test_it_is_the_same_wherever_a_condition_is_stored(doctype):
	assert definitions.STORED[doctype]
	meta = frappe.get_meta(doctype)
	for fieldname in definitions.STORED[doctype]:
		assert meta.has_field(fieldname)


def test_every_field_that_holds_a_condition_is_known():
	"""A new type with a condition must be asked by definitions.truth, and stand in STORED."""
	found = {
		(row.parent, row.fieldname)
		for row in frappe.get_all(
			"DocField",
			filters={
				"parent": ["in", frappe.get_all("DocType", {"module": "Ops Delivery"}, pluck="name")],
				"fieldtype": ["in", ["Code", "Data", "Small Text", "Text"]],
			},
			fields=["parent", "fieldname", "fieldtype"],
		)
		if row.fieldname.endswith(("_when", "condition"))
	}
	stored = {(doctype, field) for doctype, fields in definitions.STORED.items() for field in fields}
	# asked by services/requests/major.py, with every save of a request that may be one, and logged where it fails
	of_agreements = {(doctype, "major_condition") for doctype in ("Service Agreement", "Service Agreement Template")}
	assert found - of_agreements <= stored


def test_rows_of_a_record_are_plain_values():
	"""A sheet's rows were documents once, with their parent and all it can do."""
	agreement = scenario.agreement(customers.world().customer)
	facts = definitions.facts(agreement)
	table = next(df.fieldname for df in agreement.meta.get_table_fields() if agreement.get(df.fieldname))
	assert type(facts[table][0]) is dict and "flags" not in facts
	before = agreement.title
	with pytest.raises(DomainError, match="db_set"):
		definitions.truth(f"doc.{table}[0].parent_doc.db_set('title', 'taken')", facts)
	assert frappe.db.get_value("Service Agreement", agreement.name, "title") == before


def test_a_trial_stops_soon(issue):
	draft = {"document_type": "Issue", "start_when": TAKES_FOR_EVER, "meet_when": "True"}
	begun = time.monotonic()
	rows = {row["condition"]: row for row in api.try_on(json.dumps(draft), issue.name)}
	assert time.monotonic() - begun < 2
	assert "computes too much" in rows["start_when"]["error"] and rows["meet_when"]["result"] is True


def test_a_save_takes_no_longer_and_goes_through(issue):
	doc = frappe.get_doc("Clock Definition", "Resolution")
	doc.db_set("cancel_when", TAKES_FOR_EVER)
	every_save.forget()
	begun = time.monotonic()
	saved = frappe.get_doc("Issue", issue.name).save()
	assert time.monotonic() - begun < 2
	clock = {"reference_name": saved.name, "clock_definition": doc.name}
	state, why = frappe.db.get_value("Service Clock", clock, ["state", "set_aside"])
	assert state == "Met" and not why  # what has ended stays as it was


def test_a_stored_condition_that_is_no_longer_possible_is_told_by_health_and_at_migration(capsys):
	doc = frappe.get_doc("Clock Definition", "Resolution")
	doc.db_set("start_when", "doc.get_title() == 'x'")
	said = " ".join(health.status()["messages"])
	assert doc.name in said and "get_title" in said and not health.status()["ok"]
	install.after_migrate()
	assert doc.name in capsys.readouterr().out
	assert frappe.db.get_value("Error Log", {"method": ["like", "%conditions that cannot%"]})


def test_all_that_we_ship_can_be_asked():
	assert definitions.refused() == []


@pytest.mark.parametrize(
	"text",
	[
		"doc.due_date and doc.due_date < frappe.utils.getdate()",
		"doc.creation > frappe.utils.add_to_date(frappe.utils.now_datetime(), days=-1)",
		"frappe.utils.flt(doc.fee, 2) >= 0 and nowdate()",
		"'x' in frappe.utils.strip_html(doc.description or '')",
		"frappe.utils.date_diff(doc.creation, nowdate()) > 3",
		"date_diff(add_days(today(), 1), doc.creation) > 3 or getdate(nowdate()) > getdate(get_first_day(today()))",
		"time_diff_in_hours(now_datetime(), get_datetime()) > flt(1.5) and cint('1') and cstr(1) and rounded(1.5) and strip_html('x')",
		"add_months(today(), 1) and add_to_date(today(), days=1)",
	],
)
def test_functions_that_administrators_use(issue, text):
	assert definitions.truth(text, definitions.facts(issue)) in (True, False)


def test_rounding_without_end():
	with pytest.raises(ValueError, match="precision"):
		definitions.truth("frappe.utils.flt(1.5, 1000000000)", {})
