"""The app as a whole is in order on a site."""

import json
from pathlib import Path

import frappe
import pytest
from frappe.model.base_document import get_controller

import ops_delivery

MODULE = "Ops Delivery"
FOLDERS = sorted(
	p
	for p in (Path(ops_delivery.__file__).parent / "ops_delivery" / "doctype").glob("*/")
	if (p / f"{p.name}.json").exists()
)


def on_file(folder: Path) -> dict:
	return json.loads((folder / f"{folder.name}.json").read_text())


def test_app_is_installed():
	assert "ops_delivery" in frappe.get_installed_apps()
	assert MODULE in frappe.get_module_list("ops_delivery")


def test_hooks_name_things_that_exist():
	hooks = frappe.get_hooks(app_name="ops_delivery")
	assert hooks.app_name == ["ops_delivery"]
	tables = hooks.pop("ops_delivery_reactions")
	for path in paths_in(hooks.pop("ops_delivery_paper_sources")):
		assert callable(frappe.get_attr(path).values), path
	for path in paths_in({name: value for name, value in hooks.items() if not name.startswith("app_")}):
		assert callable(frappe.get_attr(path)), path
	for path in tables:
		assert all(callable(react) for reactions in frappe.get_attr(path).values() for react in reactions), path


def paths_in(value):
	if isinstance(value, dict):
		value = [
			item
			for pair in value.items()
			for item in pair
			if not isinstance(pair[0], str) or item is not pair[0]
		]
	if isinstance(value, list | tuple | set):
		for item in value:
			yield from paths_in(item)
	elif isinstance(value, str) and value.startswith("ops_delivery.") and " " not in value:
		yield value


def test_every_doctype_on_the_site_is_on_file():
	on_site = frappe.get_all("DocType", filters={"module": MODULE, "custom": 0}, pluck="name")
	assert sorted(on_site) == sorted(on_file(folder)["name"] for folder in FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_doctype_is_in_order(folder):
	record = on_file(folder)
	assert record["module"] == MODULE
	assert frappe.scrub(record["name"]) == folder.name
	controller = get_controller(record["name"])
	assert controller.__module__.startswith("ops_delivery."), "the controller lies beside the JSON"

	meta = frappe.get_meta(record["name"])
	assert [f.fieldname for f in meta.fields if not f.get("is_custom_field")] == record["field_order"]
	for field in record["fields"]:
		on_site = meta.get_field(field["fieldname"])
		for key in ("fieldtype", "label", "options", "reqd"):
			assert (on_site.get(key) or None) == (field.get(key) or None), (field["fieldname"], key)
		if field["fieldtype"] in ("Link", "Table", "Table MultiSelect"):
			assert frappe.db.exists("DocType", field["options"]), field["fieldname"]
