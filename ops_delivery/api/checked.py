"""In place of functions of Frappe and ERPNext that take a name or a filter and act without asking: the same, asked first.

Who has the right gets what they got before; who has not is refused, and learns nothing of what there is. Where another
app stands in for one of them too, its function is called in the place of the host's. *Leave unchecked methods of the
host open* in Ops Delivery Settings switches the asking off (docs/security.md says what that gives away).
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.client import get_safe_filters
from frappe.desk import reportview
from frappe.model import get_permitted_fields
from frappe.model.db_query import DatabaseQuery
from frappe.utils import cint

CLIENT = "frappe.client"
CHART = "frappe.desk.doctype.dashboard_chart.dashboard_chart"
COMMENTS = "frappe.templates.includes.comments.comments"
PROJECTS = "erpnext.templates.pages.projects"
PUBLISHED = ("Blog Post", "Web Page")  # whose comments are anybody's


@frappe.whitelist()
def get_count(doctype: str, filters: Any = None, **kwargs: Any) -> int:
	"""In place of frappe.client.get_count: counts what the user may list. Newer Frappe does the same."""
	if _is_off():
		return _host(f"{CLIENT}.get_count", doctype=doctype, filters=filters, **kwargs)
	frappe.form_dict.update({"doctype": doctype, "filters": get_safe_filters(filters)})
	for name in ("debug", "cache", "parent"):
		frappe.form_dict.pop(name, None)
	return reportview.get_count()


@frappe.whitelist()
def get_document(doctype: str, name: Any = None, filters: Any = None, parent: str | None = None) -> Any:
	"""In place of frappe.client.get: filters find among what the user may see, so that no answer tells of the rest."""
	asks = name in (None, "") and filters not in (None, "") and not _is_off()
	if asks and not frappe.get_meta(doctype).issingle:
		found = frappe.get_list(
			doctype, filters=frappe.parse_json(filters), pluck="name", limit_page_length=1, parent_doctype=parent
		)
		if not found:
			raise frappe.DoesNotExistError(_("{0} not found").format(_(doctype)))
		name, filters = found[0], None
	return _host(f"{CLIENT}.get", doctype=doctype, name=name, filters=filters, parent=parent)


@frappe.whitelist()
def chart(**kwargs: Any) -> Any:
	"""In place of dashboard_chart.get: draws what the user may list, of fields that they may read."""
	if _is_off():
		return _host(f"{CHART}.get", **kwargs)
	if kwargs.get("chart_name"):
		drawn = frappe.get_doc("Dashboard Chart", kwargs["chart_name"])
	else:
		drawn = frappe._dict(frappe.parse_json(kwargs.get("chart")) or {})
	doctype, parent = drawn.document_type, drawn.parent_document_type
	if not doctype or not frappe.has_permission(doctype, "read", parent_doctype=parent):
		raise frappe.PermissionError(_("You cannot read {0}.").format(_(doctype or "Dashboard Chart")))
	readable = {"name", "1", *get_permitted_fields(doctype, parenttype=parent), *frappe.model.default_fields}
	for field in ("based_on", "value_based_on", "group_by_based_on", "aggregate_function_based_on"):
		if drawn.get(field) and drawn.get(field) not in readable:
			raise frappe.PermissionError(_("You cannot read {0}.").format(frappe.bold(_(drawn.get(field)))))
	if DatabaseQuery(doctype).build_match_conditions():  # not everything is this user's, so no drawing is everybody's
		kwargs["no_cache"], kwargs["chart"] = 1, frappe.as_json(drawn.as_dict() if drawn.get("doctype") else drawn)
		kwargs.pop("chart_name", None)
		if drawn.type == "Heatmap":
			kwargs["chart"] = _only_listed(drawn, kwargs)
	return _host(f"{CHART}.get", **kwargs)


def _only_listed(drawn: Any, kwargs: dict[str, Any]) -> str:
	"""The chart as JSON with a filter by the names that the user may list: a heat map reads without asking."""
	filters = frappe.parse_json(kwargs.pop("filters", None)) or frappe.parse_json(drawn.filters_json) or []
	names = frappe.get_list(drawn.document_type, filters=filters, pluck="name", limit_page_length=0)
	row = drawn.as_dict() if drawn.get("doctype") else dict(drawn)
	row["filters_json"] = frappe.as_json([*filters, [drawn.document_type, "name", "in", names or [""]]])
	return frappe.as_json(row)


@frappe.whitelist(methods=["POST"])
def issue_from_message(communication: str, **kwargs: Any) -> str:
	"""In place of make_issue_from_communication: of a message that the user may read, who may make an Issue."""
	_ask_message(communication, "Issue")
	return _host(
		"erpnext.support.doctype.issue.issue.make_issue_from_communication", communication=communication, **kwargs
	)


@frappe.whitelist(methods=["POST"])
def lead_from_message(communication: str, **kwargs: Any) -> str:
	"""In place of make_lead_from_communication."""
	_ask_message(communication, "Lead")
	return _host(
		"erpnext.crm.doctype.lead.lead.make_lead_from_communication", communication=communication, **kwargs
	)


@frappe.whitelist(methods=["POST"])
def opportunity_from_message(communication: str, **kwargs: Any) -> str:
	"""In place of make_opportunity_from_communication."""
	_ask_message(communication, "Opportunity")
	return _host(
		"erpnext.crm.doctype.opportunity.opportunity.make_opportunity_from_communication",
		communication=communication,
		**kwargs,
	)


@frappe.whitelist(methods=["POST"])
def relink(name: str, reference_doctype: str | None = None, reference_name: str | None = None) -> None:
	"""In place of frappe.email.relink: a message that the user may read, to a record that they may change."""
	if not _is_off():
		frappe.get_doc("Communication", name).check_permission("read")
		if reference_doctype and reference_name:
			frappe.get_doc(reference_doctype, reference_name).check_permission("write")
		_desk_only()
	_host("frappe.email.relink", name=name, reference_doctype=reference_doctype, reference_name=reference_name)


@frappe.whitelist(methods=["POST"])
def flag_messages(names: Any, action: str, **kwargs: Any) -> None:
	"""In place of frappe.email.inbox.create_email_flag_queue: messages that the user may read."""
	if not _is_off():
		for name in frappe.parse_json(names) or []:
			found = name.get("name") if isinstance(name, dict) else name
			frappe.get_doc("Communication", found).check_permission("read")
	_host("frappe.email.inbox.create_email_flag_queue", names=names, action=action, **kwargs)


@frappe.whitelist(methods=["POST"])
def toggle_like(doctype: str, name: str, add: Any = False) -> None:
	"""In place of frappe.desk.like.toggle_like: of a record that the user may read."""
	if not _is_off():
		frappe.get_doc(doctype, name).check_permission("read")
	_host("frappe.desk.like.toggle_like", doctype=doctype, name=name, add=add)


@frappe.whitelist(allow_guest=True, methods=["POST"])
def add_comment(reference_doctype: str, reference_name: str, **kwargs: Any) -> Any:
	"""In place of the website's add_comment: on what is published, or on what the user may read."""
	if reference_doctype not in PUBLISHED and frappe.session.user != "Guest" and not _is_off():
		frappe.get_doc(reference_doctype, reference_name).check_permission("read")
	return _host(
		f"{COMMENTS}.add_comment", reference_doctype=reference_doctype, reference_name=reference_name, **kwargs
	)


@frappe.whitelist()
def project_tasks(project: str, **kwargs: Any) -> str:
	"""In place of the portal's get_task_html: of a project that the user may see."""
	_ask_project(project)
	return _host(f"{PROJECTS}.get_task_html", project=project, **kwargs)


@frappe.whitelist()
def project_timesheets(project: str, **kwargs: Any) -> str:
	"""In place of the portal's get_timesheet_html."""
	_ask_project(project)
	return _host(f"{PROJECTS}.get_timesheet_html", project=project, **kwargs)


def _ask_message(communication: str, made: str) -> None:
	if _is_off():
		return
	frappe.get_doc("Communication", communication).check_permission("read")
	frappe.has_permission(made, "create", throw=True)
	_desk_only()


def _ask_project(project: str) -> None:
	if not _is_off():
		doc = frappe.get_doc("Project", project)
		if not frappe.has_website_permission(doc) and not doc.has_permission("read"):
			raise frappe.PermissionError(_("You cannot read {0}.").format(_("Project")))


def _desk_only() -> None:
	if frappe.get_cached_value("User", frappe.session.user, "user_type") == "Website User":
		raise frappe.PermissionError(_("This is done at the desk."))


def _is_off() -> bool:
	return bool(cint(frappe.get_cached_doc("Ops Delivery Settings").get("host_methods_unchecked")))


def _host(method: str, **arguments: Any) -> Any:
	"""What would have answered without us: the function of an app that was installed before, else the host's own."""
	stand_ins = frappe.get_hooks("override_whitelisted_methods").get(method, [])
	before = [name for name in stand_ins if not name.startswith(f"{__name__}.")]
	return frappe.call(before[-1] if before else method, **arguments)
