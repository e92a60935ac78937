"""A customer with a complaint about an engineer's work, and the people around it; short names for the steps."""

import customers
import factories
import frappe
from reviewing import user

from ops_delivery.services.complaints import intake as complaint_intake
from ops_delivery.services.complaints import steps as complaints


def world(**values):
	"""customer, asker (complains), colleague, stranger; engineer (accused) under superior under chief, second of another
	line; handler and other (independent), desk, auditor; issue (assigned to the engineer), complaint."""
	customer = factories.make_customer().name
	w = frappe._dict(
		customer=customer,
		asker=customers.portal_user(customer),
		colleague=customers.portal_user(customer),
		stranger=customers.portal_user(factories.make_customer().name),
		engineer=staff("Service Delivery Manager"),
		superior=staff("Service Delivery Manager"),
		chief=staff("Complaint Handler"),
		handler=staff("Complaint Handler"),
		boss=staff("Complaint Handler"),
		other=staff("Complaint Handler"),
		desk=staff("Service Desk"),
		auditor=staff("Delivery Auditor"),
		field=staff("Field Engineer"),
	)
	boss = factories.make_employee(w.boss).name
	chief = factories.make_employee(w.chief).name
	superior = factories.make_employee(w.superior, reports_to=chief).name
	factories.make_employee(w.engineer, reports_to=superior)
	factories.make_employee(w.handler, reports_to=boss)
	factories.make_employee(w.other, reports_to=boss)
	w.issue = factories.make_issue(customer, raised_by=w.asker)
	assign("Issue", w.issue.name, w.engineer)
	w.complaint = complain(w, **values)
	return w


def staff(*roles):
	return factories.make_user(roles=list(roles)).name


def complain(w, **values):
	name = complaint_intake.raise_complaint(
		**{
			"channel": "Portal",
			"address": w.asker,
			"name": "Chen Jing",
			"subject": factories.unique("Nobody came"),
			"text": "The engineer did not come and was rude.",
			"customer": w.customer,
			"about": ("Issue", w.issue.name),
			**values,
		}
	)
	return frappe.get_doc(complaints.DOCTYPE, name)


def assign(doctype: str, name: str, to: str):
	return factories.make(
		"ToDo",
		allocated_to=to,
		reference_type=doctype,
		reference_name=name,
		description="x",
		assigned_by="Administrator",
	)


def fresh(w):
	w.complaint = frappe.get_doc(complaints.DOCTYPE, w.complaint.name)
	return w.complaint


def investigated(w, handler=None):
	handler = handler or w.handler
	if fresh(w).status == "Received":
		with user(w.desk):
			complaints.acknowledge(w.complaint.name)
	with user(w.desk):
		complaints.hand_to(w.complaint.name, handler)
	with user(handler):
		complaints.investigate(w.complaint.name)
	return fresh(w)


def told(w, handler=None):
	investigated(w, handler)
	with user(handler or w.handler):
		complaints.tell_result(
			w.complaint.name, "Justified", "You are right, we are sorry.", "Talked to both."
		)
	return fresh(w)


def hang_on(w, mark: str) -> None:
	"""All that may hang on a complaint, with a marker in its texts: w.action, comment, message, file, leftover, event, tag, and
	w.everything, a system manager who is complained about, too."""
	name = w.complaint.name
	with user(w.handler):
		w.action = complaints.improve(name)
	reference = {"reference_doctype": complaints.DOCTYPE, "reference_name": name}
	w.comment = factories.make("Comment", comment_type="Comment", content=mark, **reference).name
	w.message = factories.make(
		"Communication",
		communication_type="Communication",
		communication_medium="Email",
		sent_or_received="Received",
		subject=mark,
		content=mark,
		sender=w.asker,
		**reference,
	).name
	w.file = factories.make(
		"File",
		file_name="secret.txt",
		content=mark,
		is_private=1,
		attached_to_doctype=complaints.DOCTYPE,
		attached_to_name=name,
	).name
	w.everything = staff("System Manager", "Service Delivery Manager", "Inbox User")
	doc = frappe.get_doc(complaints.DOCTYPE, name)
	doc.append("people", {"user": w.everything})
	doc.save(ignore_version=False)  # in tests Frappe keeps none unless told so
	todo = assign(complaints.DOCTYPE, name, w.other)
	todo.description = mark
	todo.save()
	action = frappe.get_doc("Improvement Action", w.action)
	action.append(
		"measures", {"measure": f"{mark} measure", "owner_user": w.superior, "due_date": "2030-01-01"}
	)
	action.flags.ignore_mandatory = True
	action.save()
	w.leftover = factories.make(
		"Service Leftover",
		subject=f"{mark} leftover",
		customer=w.complaint.customer,
		source_doctype=complaints.DOCTYPE,
		source_name=name,
	).name
	event = factories.make("Event", subject=f"{mark} talk", starts_on="2030-01-01", event_type="Public")
	event.append("event_participants", {"reference_doctype": complaints.DOCTYPE, "reference_docname": name})
	event.save()
	w.event = event.name
	w.tag = factories.make("Tag", name=f"{mark} tag").name
	factories.make("Tag Link", document_type=complaints.DOCTYPE, document_name=name, tag=w.tag)
