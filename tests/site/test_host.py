"""What of Frappe's and ERPNext's own we stand in for: on every version ours takes what theirs takes (docs/host.md)."""

import inspect
import re
from pathlib import Path

import frappe
import pytest
from frappe.exceptions import FrappeTypeError
from frappe.model.base_document import get_controller
from frappe.modules import load_doctype_module
from frappe.utils.typing_validations import transform_parameter_types

import ops_delivery
from ops_delivery import framework, hooks, relied_on
from ops_delivery.framework import MAJOR
from ops_delivery.permissions import unasked
from ops_delivery.services.engine import health, host_check

OVERRIDES = hooks.override_whitelisted_methods
CLASSES = {  # 16 mixes ours in, 15 puts it in the place of theirs
	**getattr(hooks, "override_doctype_class", {}),
	**{doctype: paths[-1] for doctype, paths in getattr(hooks, "extend_doctype_class", {}).items()},
}
GONE = relied_on.GONE
# what writes is not to be had by a link
WRITES = (
	"erpnext.support.doctype.issue.issue.set_status",
	"erpnext.support.doctype.issue.issue.set_multiple_status",
	"frappe.desk.like.toggle_like",
	"frappe.email.relink",
	"frappe.email.inbox.create_email_flag_queue",
	"frappe.templates.includes.comments.comments.add_comment",
	"erpnext.support.doctype.issue.issue.make_issue_from_communication",
	"erpnext.crm.doctype.lead.lead.make_lead_from_communication",
	"erpnext.crm.doctype.opportunity.opportunity.make_opportunity_from_communication",
	"frappe.desk.doctype.notification_log.notification_log.mark_as_read",
	"frappe.contacts.doctype.contact.contact.invite_user",
)
# a name may be a number, where a DocType counts its records
NAMES = ("name", "docname")
VALUES = ("1", 1, 1.5, True, None, ["a"], {"a": ["b"]})
PAGE = Path(ops_delivery.__file__).parents[1] / "docs" / "host.md"
OF_MODULE = "Ops Delivery"


def gone(path: str) -> bool:
	return MAJOR >= GONE.get(path, MAJOR + 1)


present = pytest.mark.parametrize("path", [path for path in OVERRIDES if not gone(path)])


def skip_if_not_yet_there(path: str) -> None:
	if path in unasked.PATHS and not framework.is_there(path):
		with pytest.raises(frappe.DoesNotExistError):
			frappe.get_attr(OVERRIDES[path])()
		pytest.skip("not in this version of the host")


def pair(path: str):
	"""(theirs, ours), as they were written."""
	return inspect.unwrap(frappe.get_attr(path)), inspect.unwrap(frappe.get_attr(OVERRIDES[path]))


def takes(function, name: str, value) -> bool:
	"""Whether Frappe lets the value through to the function."""
	try:
		transform_parameter_types(function, (), {name: value})
	except FrappeTypeError:
		return False
	return True


# Whitelisted methods


@pytest.mark.parametrize("path", [path for path in OVERRIDES if gone(path)])
def test_what_is_gone_is_gone_and_says_so(path):
	with pytest.raises((AttributeError, ImportError)):
		frappe.get_attr(path)
	with pytest.raises(frappe.PermissionError):
		frappe.get_attr(OVERRIDES[path])(doctype="ToDo")


@present
def test_ours_answers_whom_theirs_answers(path):
	skip_if_not_yet_there(path)
	theirs, ours = frappe.get_attr(path), frappe.get_attr(OVERRIDES[path])
	assert ours in frappe.whitelisted
	assert (ours in frappe.guest_methods) == (theirs in frappe.guest_methods)
	methods = frappe.allowed_http_methods_for_whitelisted_func
	if path in unasked.PATHS:
		assert set(methods[ours]) == set(methods[theirs])
		return
	needed = {"POST"} if path in WRITES else {"GET", "POST"}
	assert needed <= set(methods[ours]) <= set(methods[theirs])
	assert path not in WRITES or set(methods[ours]) == needed


@present
def test_ours_takes_every_parameter_of_theirs(path):
	skip_if_not_yet_there(path)
	theirs, ours = (inspect.signature(function).parameters for function in pair(path))
	takes_all = any(parameter.kind is parameter.VAR_KEYWORD for parameter in ours.values())
	for name, parameter in theirs.items():
		if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
			assert takes_all, f"{name}: what is given by any name is lost"
			continue
		assert name in ours or takes_all, name
		if name in ours and parameter.default is not parameter.empty:
			assert ours[name].default is not parameter.empty, f"{name} may be left out of theirs"
	extra = [parameter for name, parameter in ours.items() if name not in theirs]
	assert all(p.default is not p.empty or p.kind is p.VAR_KEYWORD for p in extra), "ours asks for more"


@present
def test_ours_takes_every_value_that_theirs_takes(path):
	skip_if_not_yet_there(path)
	theirs, ours = pair(path)
	for name, parameter in inspect.signature(theirs).parameters.items():
		if name not in inspect.signature(ours).parameters or parameter.kind is parameter.VAR_KEYWORD:
			continue
		if name in getattr(theirs, "__annotations__", {}):
			wanted = [value for value in VALUES if takes(theirs, name, value)]
		else:  # what clients send: a text, or its default
			wanted = ["1", *([1] if name in NAMES else [])]
			if parameter.default is not parameter.empty:
				wanted.append(parameter.default)
		assert [value for value in wanted if not takes(ours, name, value)] == [], name


def test_a_caller_of_theirs_reaches_ours():
	for path, ours in OVERRIDES.items():
		assert frappe.get_hooks("override_whitelisted_methods")[path][-1] == ours


# Beside other apps that stand in for the same


class OtherApp:
	"""Another app that stands in for methods of the host, installed before or after ours."""

	def __init__(self, monkeypatch, where: str):
		self.asked, get_hooks = [], frappe.get_hooks

		def both(hook=None, *args, **kwargs):
			found = get_hooks(hook, *args, **kwargs)
			if hook != "override_whitelisted_methods":
				return found
			paths = {path: f"frappe.other_app.{path}" for path in OVERRIDES}
			order = {"before": lambda own, other: [other, *own], "after": lambda own, other: [*own, other]}[where]
			return frappe._dict({path: order(list(found[path]), paths[path]) for path in OVERRIDES})

		get_attr = frappe.get_attr

		def attr(path):
			if not path.startswith("frappe.other_app."):
				return get_attr(path)
			return lambda *args, **kwargs: self.asked.append(path.removeprefix("frappe.other_app.")) or []

		monkeypatch.setattr(frappe, "get_hooks", both)
		monkeypatch.setattr(frappe, "get_attr", attr)


@present
def test_ours_calls_the_one_before_it(path, monkeypatch):
	skip_if_not_yet_there(path)
	other = OtherApp(monkeypatch, "before")
	framework.theirs(path)()
	assert other.asked == [path]
	assert not host_check.passed_over()


def test_what_stands_before_ours_answers_through_the_doors(monkeypatch):
	from ops_delivery.api import checked, confidential, erpnext_status, exports, portal, printing

	other = OtherApp(monkeypatch, "before")
	frappe.local.form_dict = frappe._dict(doctype="ToDo", report_name="x")
	confidential.search("a")
	confidential.linked("User", "Administrator")
	portal.website_rows(doctype="ToDo")
	portal.web_form_data("ToDo")
	printing.download_pdf("ToDo", "x")
	printing.download_multi_pdf("ToDo", "[]")
	printing.download_multi_pdf_async("ToDo", "[]")
	exports.export_list()
	exports.export_report()
	checked.toggle_like("User", "Administrator")
	monkeypatch.setattr(erpnext_status.ours, "is_issue_ours", lambda name: False)
	erpnext_status.set_status("x", "Closed")
	assert other.asked == [
		"frappe.utils.global_search.search",
		"frappe.desk.form.linked_with.get",
		"frappe.www.list.get_list_data",
		"frappe.website.doctype.web_form.web_form.get_form_data",
		"frappe.utils.print_format.download_pdf",
		"frappe.utils.print_format.download_multi_pdf",
		"frappe.utils.print_format.download_multi_pdf_async",
		"frappe.desk.reportview.export_query",
		"frappe.desk.query_report.export_query",
		"frappe.desk.like.toggle_like",
		"erpnext.support.doctype.issue.issue.set_status",
	]


def test_where_another_app_comes_after_ours_the_health_says_so(monkeypatch):
	path = "frappe.utils.global_search.search"
	OtherApp(monkeypatch, "after")
	assert framework.theirs(path) is not None and framework.theirs(path).__module__ == "frappe.utils.global_search"
	found = [line for line in health.status()["advice"] if path in line]
	assert len(found) == 1 and "frappe.other_app" in found[0] and "api.confidential.search" in found[0]


# What we rely on


@pytest.fixture
def compared():
	host_check.forget()
	yield
	host_check.forget()


def test_the_host_is_what_we_rely_on(compared):
	assert host_check.differences() == []


@pytest.mark.parametrize(
	("name", "value", "said"),
	[
		("FIELDS", {"Issue": ("subject", "moved_elsewhere")}, "Issue has no field moved_elsewhere"),
		("FIELDS", {"Issue": (("sla_by", "by"),)}, "Issue has no field sla_by / by"),
		("FIELDS", {"Gone DocType": ("x",)}, "DocType Gone DocType is not there"),
		("CHOICES", {("Issue", "status"): ("Open", "Lost")}, "the choice Lost is gone"),
		("CHOICES", {("Issue", "status"): ("Open",)}, "no rule of ours knows the choice Replied"),
		("METHODS", {"frappe.client.Nobody": ("get_user",)}, "frappe.client.Nobody.get_user is gone"),
		("FUNCTIONS", ("frappe.get_print_of_old",), "frappe.get_print_of_old is gone"),
		("HOOKS", {"asked_by_nobody": "frappe.app"}, "frappe.app does not ask the hook asked_by_nobody"),
		("HOOKS", {"auth_hooks": "frappe.gone"}, "frappe.gone does not ask the hook auth_hooks"),
	],
)
def test_what_an_upgrade_took_away_is_named_at_migrate_and_in_the_health(compared, monkeypatch, capsys, name, value, said):
	monkeypatch.setattr(relied_on, name, value)
	found = host_check.differences()
	assert any(said in line for line in found), found
	host_check.report()
	assert said in capsys.readouterr().out
	assert said in frappe.get_last_doc("Error Log").error
	told = health.status()
	assert not told["ok"] and any(said in line for line in told["messages"])


def test_a_method_that_is_gone_and_a_place_that_is_gone_are_named(compared, monkeypatch):
	monkeypatch.setitem(hooks.override_whitelisted_methods, "frappe.client.gone", "ops_delivery.api.checked.get_count")
	fields = {"Issue": [{"fieldname": "ops_x", "insert_after": "nowhere"}]}
	monkeypatch.setattr(host_check, "CUSTOM_FIELDS", fields)
	assert host_check.differences() == [
		"Issue has no field nowhere, after which ops_x has its place.",
		"The method frappe.client.gone is gone, in whose place ops_delivery.api.checked.get_count stands.",
	]


# Classes


def test_our_classes_are_theirs_and_a_little_more():
	assert CLASSES
	for doctype, path in CLASSES.items():
		ours = frappe.get_attr(path)
		assert issubclass(get_controller(doctype), ours), "another app's class stands in its place"
		theirs = load_doctype_module(doctype, frappe.get_meta(doctype).module)
		theirs = getattr(theirs, doctype.replace(" ", ""))
		assert issubclass(get_controller(doctype), theirs)
		own = [cls for cls in ours.__mro__ if cls.__module__.startswith("ops_delivery.")]
		for name, function in ((name, value) for cls in own for name, value in vars(cls).items()):
			if inspect.isfunction(function):
				assert list(inspect.signature(function).parameters) == list(
					inspect.signature(getattr(theirs, name)).parameters
				), name


# The page


def test_the_page_names_all_that_we_touch():
	text = PAGE.read_text()
	for path, ours in OVERRIDES.items():
		assert f"`{path}`" in text and f"`{ours.removeprefix('ops_delivery.')}`" in text, path
	for doctype in CLASSES:
		assert f"`{doctype}`" in text
	hooked = {
		doctype
		for hook in (
			hooks.doc_events,
			hooks.has_permission,
			hooks.permission_query_conditions,
			hooks.has_website_permission,
			hooks.override_doctype_dashboards,
			hooks.doctype_js,
			hooks.doctype_list_js,
		)
		for named in hook
		for doctype in (named if isinstance(named, tuple) else (named,))
		if doctype != "*" and frappe.db.get_value("DocType", doctype, "module") != OF_MODULE
	}
	rows = set(re.findall(r"^\| ([A-Z][A-Za-z ]+) \|", text, re.M))
	assert hooked - rows == set(), "a hook on another app's type that docs/host.md does not list"
	assert rows - hooked - {"DocType", "Theirs"} == set(), (
		"docs/host.md lists a type that no hook of ours touches"
	)
