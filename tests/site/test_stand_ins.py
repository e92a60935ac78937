"""A function that we stand in for has no second name and no second door: what another function calls by a path is asked, too."""

import importlib

import frappe
import probing
import pytest
import wire

from ops_delivery.permissions import stand_ins
from ops_delivery.services.complaints import steps as complaints

pytestmark = pytest.mark.committed
REFUSED = "its own name"


@pytest.fixture
def w(site):
	"""An engineer who is complained about, with every role that works with us, and what hangs on the complaint."""
	planted = probing.plant_complaint()
	frappe.utils.password.update_password(planted.intruder, wire.PASSWORD)
	for doctype in ("Communication", "File", "ToDo"):
		frappe.utils.global_search.rebuild_for_doctype(doctype)
	frappe.db.commit()
	planted.accused = wire.Visitor(site, planted.intruder)
	return planted


MAPPER = "frappe.model.mapper.make_mapped_doc"
ALIASES = ("erpnext.templates.pages.search_help.search", "frappe.utils.global_search.search")


@pytest.mark.parametrize("path", ALIASES)
def test_the_search_of_everything_by_another_modules_name(w, path):
	told = [
		answer.text[:300]
		for answer in (
			w.accused.call(path, "GET", text=w.mark),
			w.accused.ask("GET", "/", {"cmd": path, "text": w.mark}),
			w.accused.ask("GET", f"/api/v2/method/{path}", {"text": w.mark}),
			w.accused.ask("POST", f"/api/method/{MAPPER}", {"method": path, "source_name": w.mark}),
		)
		if w.mark in answer.text or any(name in answer.text for name in w.targets.values())
	]
	assert not told


def test_the_file_of_a_complaint_is_not_unpacked_by_another_name(w, monkeypatch):
	"""The host's module of files has taken in the names of another, and the API leads there by the name of a record type."""
	path = "frappe.core.doctype.file.file.unzip_file"
	# where the one module was loaded first, the other has nothing of it
	module = importlib.import_module("frappe.core.doctype.file.file")
	monkeypatch.setattr(
		module, "unzip_file", frappe.get_attr("frappe.core.api.file.unzip_file"), raising=False
	)
	for answer in (
		w.accused.call(path, name=w.file),
		w.accused.ask("POST", "/api/v2/method/File/unzip_file", {"name": w.file}),
	):
		assert answer.status == 403 and REFUSED in answer.said(), answer.said()[-300:]


# the host's frappe.client.get says by 403 or 404 whether a filter finds something
CALLERS = {
	"frappe.desk.treeview.get_all_nodes": {
		"doctype": complaints.DOCTYPE,
		"label": "x",
		"parent": "",
		"tree_method": "frappe.client.get",
		"filters": '{"subject": ["like", "a%"]}',
	},
	"frappe.desk.search.search_widget": {"doctype": "x", "txt": "{}", "query": "frappe.client.get_count"},
	"upload_file": {"method": "frappe.desk.reportview.export_query", "doctype": complaints.DOCTYPE},
}


@pytest.mark.parametrize("caller", CALLERS)
def test_what_calls_another_function_by_its_path(w, caller):
	answer = w.accused.ask("POST", f"/api/method/{caller}", CALLERS[caller])
	assert answer.status == 403 and REFUSED in answer.said(), (answer.said()[-300:], answer.text[-600:])


def test_what_has_one_name_is_called_by_it(w):
	project = "erpnext.projects.doctype.project.project.get_users_for_project"
	for answer in (
		w.accused.call(
			"frappe.desk.search.search_link", doctype="User", txt="", query=project
		),  # as the desk's own form asks
		w.accused.call("frappe.client.get_count", "GET", doctype="Issue"),
		w.accused.call("frappe.utils.global_search.search", "GET", text="Anything"),
	):
		assert answer.status == 200, answer.text[-300:]
	assert not stand_ins.is_detour("frappe.client.get_list")
