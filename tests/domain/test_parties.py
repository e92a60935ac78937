"""Who is the party of a record: one table, with every record type that has one, and nobody who chooses among fields by hand."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from ops_delivery.domain import parties

APP = Path(__file__).resolve().parents[2] / "ops_delivery"
KINDS = {"customer": "Customer", "agreement": "Service Agreement", "service_object": "Service Object"}
LINKS = {"Customer", "Service Agreement", "Service Object"}


def doctypes():
	"""Name -> fields, of our record types that are no tables of others."""
	found = {}
	for path in sorted((APP / "ops_delivery" / "doctype").glob("*/*.json")):
		content = json.loads(path.read_text("utf-8"))
		if content.get("doctype") == "DocType" and not content.get("istable") and not content.get("issingle"):
			found[content["name"]] = {field["fieldname"]: field for field in content["fields"]}
	return found


OURS = doctypes()


def has_a_party(fields) -> bool:
	return any(
		(field["fieldtype"] == "Link" and field.get("options") in LINKS)
		or (name, field["fieldtype"]) in (("reference_name", "Dynamic Link"), ("source_name", "Dynamic Link"))
		for name, field in fields.items()
	)


def test_the_table_lists_every_record_type_that_belongs_to_somebody():
	assert sorted({*parties.PARTIES} - {"Issue"}) == sorted(name for name, fields in OURS.items() if has_a_party(fields))


@pytest.mark.parametrize("doctype", sorted({*parties.PARTIES} - {"Issue"}))
def test_a_row_names_the_fields_that_the_type_has(doctype):
	row, fields = parties.PARTIES[doctype], OURS[doctype]
	for kind, target in KINDS.items():
		named = getattr(row, kind)
		if named == "name":
			assert doctype == target
		elif named:
			assert fields[named]["options"] == target
		else:
			assert kind not in fields, f"{doctype} has a field {kind} that the table leaves out"
	for person in row.persons:
		assert fields[person]["options"] == "Email"
	assert not row.about or fields[row.about[1]]["options"] == row.about[0]


def test_of_an_issue_it_is_our_own_fields():
	text = (APP / "custom_fields.py").read_text("utf-8")
	row = parties.PARTIES["Issue"]
	for field in (row.agreement, row.service_object, row.persons[0]):
		assert f'"fieldname": "{field}"' in text


def test_other_types_have_a_customer_and_who_reported():
	assert parties.of("HD Ticket") == parties.OTHERS
	assert dataclasses.astuple(parties.OTHERS) == ("customer", "", "", ("raised_by",), ())


CHOSEN = re.compile(r"""get\(["'](ops_)?(agreement|object|service_object|customer_email|person_email)["']\)\)?\s*or\s+\w+\.get\(""")


def test_nobody_chooses_between_the_fields_of_two_types_by_hand():
	chosen = [
		f"{path.relative_to(APP)}: {match[0]}"
		for folder in ("services", "permissions", "api", "www")
		for path in sorted((APP / folder).rglob("*.py"))
		for match in CHOSEN.finditer(path.read_text("utf-8"))
	]
	assert chosen == [], "ask services/scope/record_parties.py"
