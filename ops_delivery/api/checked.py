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

from ops_delivery import framework
from ops_delivery.permissions import messages
from ops_delivery.permissions.gates import open_to_all, refuse_incomplete
from ops_delivery.services.administration import invitations

CLIENT = "frappe.client"
INVITE = "frappe.contacts.doctype.contact.contact.invite_user"
CHART = "frappe.desk.doctype.dashboard_chart.dashboard_chart"
COMMENTS = "frappe.templates.includes.comments.comments"
PROJECTS = "erpnext.templates.pages.projects"
PEOPLE = frozenset({"User", "Contact", "Employee"})
PUBLISHED = ("Blog Post", "Web Page")  # whose comments are anybody's


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def get_count(doctype: str, filters: Any = None, **kwargs: Any) -> int:
	"""In place of frappe.client.get_count: counts what the user may list. Newer Frappe does the same."""
	if is_off():
		return host(f"{CLIENT}.get_count", doctype=doctype, filters=filters, **kwargs)
	frappe.form_dict.update({"doctype": doctype, "filters": get_safe_filters(filters)})
	for name in ("debug", "cache", "parent"):
		frappe.form_dict.pop(name, None)
	return reportview.get_count()


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def get_document(doctype: str, name: Any = None, filters: Any = None, parent: str | None = None) -> Any:
	"""In place of frappe.client.get: filters find among what the user may see, so that no answer tells of the rest."""
	asks = name in (None, "") and filters not in (None, "") and not is_off()
	if asks and not frappe.get_meta(doctype).issingle:
		found = frappe.get_list(
			doctype,
			filters=frappe.parse_json(filters),
			pluck="name",
			limit_page_length=1,
			parent_doctype=parent,
		)
		if not found:
			raise frappe.DoesNotExistError(_("{0} not found", context="Ops Delivery").format(_(doctype)))
		name, filters = found[0], None
	return host(f"{CLIENT}.get", doctype=doctype, name=name, filters=filters, parent=parent)


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def chart(**kwargs: Any) -> Any:
	"""In place of dashboard_chart.get: draws what the user may list, of fields that they may read."""
	if is_off():
		return host(f"{CHART}.get", **kwargs)
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
	if not DatabaseQuery(doctype).build_match_conditions():
		return host(f"{CHART}.get", **kwargs)
	# not everything is this user's, so the drawing that Frappe keeps for everybody is not
	return host(f"{CHART}.get", chart=frappe.as_json(_as_asked(drawn, kwargs)), no_cache=1)


def _as_asked(drawn: Any, kwargs: dict[str, Any]) -> dict[str, Any]:
	"""A chart with what the request wants of it; a heat map reads without asking, so it gets the names to be read."""
	row = drawn.as_dict() if drawn.get("doctype") else dict(drawn)
	for wish in ("timespan", "time_interval", "heatmap_year", "from_date", "to_date"):
		row[wish] = kwargs.get(wish) or row.get(wish)
	filters = frappe.parse_json(kwargs.get("filters")) or frappe.parse_json(drawn.filters_json) or []
	if drawn.type == "Heatmap":
		names = frappe.get_list(drawn.document_type, filters=filters, pluck="name", limit_page_length=0)
		filters = [*filters, [drawn.document_type, "name", "in", names or [""]]]
	row["filters_json"] = frappe.as_json(filters)
	return row


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def issue_from_message(communication: str, **kwargs: Any) -> str:
	"""In place of make_issue_from_communication: of a message that the user may read, who may make an Issue."""
	_ask_message(communication, "Issue")
	return host(
		"erpnext.support.doctype.issue.issue.make_issue_from_communication",
		communication=communication,
		**kwargs,
	)


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def invite_contact(contact: str) -> str:
	"""In place of Contact's *Invite as User*, which a link could press: by POST. Which language the invitation speaks,
	services/administration/invitations.py says."""
	with invitations.by_contact():
		return host(INVITE, contact=contact)


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def lead_from_message(communication: str, **kwargs: Any) -> str:
	"""In place of make_lead_from_communication."""
	_ask_message(communication, "Lead")
	return host(
		"erpnext.crm.doctype.lead.lead.make_lead_from_communication", communication=communication, **kwargs
	)


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def opportunity_from_message(communication: str, **kwargs: Any) -> str:
	"""In place of make_opportunity_from_communication."""
	_ask_message(communication, "Opportunity")
	return host(
		"erpnext.crm.doctype.opportunity.opportunity.make_opportunity_from_communication",
		communication=communication,
		**kwargs,
	)


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def relink(name: Any, reference_doctype: str | None = None, reference_name: Any = None) -> None:
	"""In place of frappe.email.relink: a message that the user may move, to a record that they may change."""
	if not is_off():
		_ask_to_change(name)
		if reference_doctype and reference_name:
			frappe.get_doc(reference_doctype, reference_name).check_permission("write")
		desk_only()
	host("frappe.email.relink", name=name, reference_doctype=reference_doctype, reference_name=reference_name)


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def flag_messages(names: Any, action: str, **kwargs: Any) -> None:
	"""In place of frappe.email.inbox.create_email_flag_queue: messages that the user may change."""
	if not is_off():
		for name in frappe.parse_json(names) or []:
			found = name.get("name") if isinstance(name, dict) else name
			_ask_to_change(found)
	host("frappe.email.inbox.create_email_flag_queue", names=names, action=action, **kwargs)


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def toggle_like(doctype: str, name: Any, add: Any = False) -> None:
	"""In place of frappe.desk.like.toggle_like: of a record that the user may read."""
	if not is_off():
		frappe.get_doc(doctype, name).check_permission("read")
	host("frappe.desk.like.toggle_like", doctype=doctype, name=name, add=add)


@frappe.whitelist(allow_guest=True, methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def add_comment(reference_doctype: str, reference_name: Any, **kwargs: Any) -> Any:
	"""In place of the website's add_comment: on what is published, or on what the user may read."""
	if reference_doctype not in PUBLISHED and frappe.session.user != "Guest" and not is_off():
		frappe.get_doc(reference_doctype, reference_name).check_permission("read")
	return host(
		f"{COMMENTS}.add_comment",
		reference_doctype=reference_doctype,
		reference_name=reference_name,
		**kwargs,
	)


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def link_title(doctype: str, docname: Any) -> Any:
	"""In place of frappe.desk.search.get_link_title: of a record that the user may choose or read, else its name."""
	if not is_off():
		rights = ("select", "read") if frappe.db.exists(doctype, docname) else ()
		if not any(frappe.has_permission(doctype, right, doc=docname) for right in rights):
			return docname
	return host("frappe.desk.search.get_link_title", doctype=doctype, docname=docname)


@frappe.whitelist(methods=["POST"])
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def mark_as_read(docname: Any) -> None:
	"""In place of notification_log.mark_as_read: a notification of one's own."""
	if docname and not is_off():
		if frappe.db.get_value("Notification Log", docname, "for_user") != frappe.session.user:
			raise frappe.PermissionError(_("This notification is somebody else's."))
	host("frappe.desk.doctype.notification_log.notification_log.mark_as_read", docname=docname)


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def documents_for_tag(tag: str) -> list[Any]:
	"""In place of get_documents_for_tag: those that the user may read."""
	rows = host("frappe.desk.doctype.tag.tag.get_documents_for_tag", tag=tag)
	if is_off():
		return rows
	return [row for row in rows if frappe.has_permission(row["doctype"], "read", doc=row["name"])]


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def search_link(doctype: str, **kwargs: Any) -> Any:
	"""In place of frappe.desk.search.search_link: people and searches of other functions' making are for the desk."""
	_ask_search(doctype, kwargs)
	return host("frappe.desk.search.search_link", doctype=doctype, **kwargs)


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def search_widget(doctype: str, **kwargs: Any) -> Any:
	"""In place of frappe.desk.search.search_widget, for the same reason."""
	_ask_search(doctype, kwargs)
	return host("frappe.desk.search.search_widget", doctype=doctype, **kwargs)


def _ask_search(doctype: str, given: dict[str, Any]) -> None:
	if not is_off() and (given.get("query") or doctype in PEOPLE):
		desk_only()


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def project_tasks(project: str, **kwargs: Any) -> str:
	"""In place of the portal's get_task_html: of a project that the user may see."""
	_ask_project(project)
	return host(f"{PROJECTS}.get_task_html", project=project, **kwargs)


@frappe.whitelist()
@open_to_all("in place of a function of the host that did not ask: asks first (docs/security.md)")
def project_timesheets(project: str, **kwargs: Any) -> str:
	"""In place of the portal's get_timesheet_html."""
	_ask_project(project)
	return host(f"{PROJECTS}.get_timesheet_html", project=project, **kwargs)


def _ask_message(communication: str, made: str) -> None:
	if is_off():
		return
	frappe.get_doc("Communication", communication).check_permission("read")
	frappe.has_permission(made, "create", throw=True)
	desk_only()


def _ask_to_change(message: Any) -> None:
	"""Who reads a message by a role of ours alone (permissions/messages.py) changes none."""
	doc = frappe.get_doc("Communication", message)
	doc.check_permission("read")
	if messages.by_our_roles_alone(frappe.session.user):
		doc.check_permission("write")


def _ask_project(project: str) -> None:
	if not is_off():
		doc = frappe.get_doc("Project", project)
		if not frappe.has_website_permission(doc) and not doc.has_permission("read"):
			raise frappe.PermissionError(_("You cannot read {0}.").format(_("Project")))


def desk_only() -> None:
	"""Refuse who has no desk."""
	if frappe.get_cached_value("User", frappe.session.user, "user_type") == "Website User":
		raise frappe.PermissionError(_("This is done at the desk."))


def is_off() -> bool:
	"""Whether the settings leave the host's functions as they are."""
	return bool(cint(frappe.get_cached_doc("Ops Delivery Settings").get("host_methods_unchecked")))


def host(method: str, **arguments: Any) -> Any:
	"""What would have answered without us: the function of an app that was installed before, else the host's own."""
	if not framework.is_there(method):
		raise frappe.DoesNotExistError(_("{0} not found", context="Ops Delivery").format(method))
	theirs = framework.theirs(method)
	refuse_incomplete(theirs, (), arguments)
	return frappe.call(theirs, **arguments)
