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
from ops_delivery import hooks
from ops_delivery.api import checked
from ops_delivery.framework import MAJOR
from ops_delivery.permissions import unasked

OVERRIDES = hooks.override_whitelisted_methods
CLASSES = {  # 16 mixes ours in, 15 puts it in the place of theirs
	**getattr(hooks, "override_doctype_class", {}),
	**{doctype: paths[-1] for doctype, paths in getattr(hooks, "extend_doctype_class", {}).items()},
}
# gone from this major version on
GONE = {"frappe.www.list.get": 16}
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
	if path in unasked.STAND_INS and not checked.is_there(path):
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
	if path in unasked.STAND_INS:
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
