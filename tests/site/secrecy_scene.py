"""Security classes, a published deliverable of each, and everybody who might ask for it by every door."""

import io
import json
import zipfile

import api_calls
import customers
import deliverable_scene as scene
import factories
import frappe
import frappe.app
import pages
import reviewing
from frappe.utils import global_search
from frappe.utils.response import download_private_file
from werkzeug.exceptions import HTTPException

from ops_delivery.domain.deliverables import secrecy
from ops_delivery.permissions import switches

MANAGER, DESK, AUDITOR = "Service Delivery Manager", "Service Desk", "Delivery Auditor"
PAPER = {
	"doctype": "Print Format",
	"doc_type": "Deliverable",
	"standard": "No",
	"custom_format": 1,
	"print_format_type": "Jinja",
	"html": "<h1>{{ doc.title }}</h1>",
}
ALL = dict.fromkeys(secrecy.ACTS, 1)
NAMED = [{"who": who, **ALL} for who in (*secrecy.PERSONS, secrecy.READERS)]
CLASSES = {
	"open": {},
	"managers": {
		"restricted": 1,
		"grants": [{"who": "Role", "role": MANAGER, **ALL}, {"who": "Role", "role": AUDITOR, "can_list": 1, "can_open": 1}, *NAMED],
	},
	"named": {"restricted": 1, "grants": NAMED, "portal": secrecy.NAMED},
	"inside": {
		"restricted": 1,
		"grants": [
			{"who": "Role", "role": MANAGER, "can_list": 1, "can_open": 1, "can_print": 1},
			{"who": "Role", "role": DESK, "can_open": 1},
			{"who": "Owner", **ALL},
			{"who": "Author", **ALL},
		],
		"portal": secrecy.NOBODY,
	},
	"to look at": {"restricted": 0, "portal_files": 0},
}


def a_class(**values):
	rank = frappe.db.sql("select coalesce(max(`rank`), 0) + 1 from `tabService Security Class`")[0][0]
	return frappe.get_doc({"doctype": "Service Security Class", "class_name": factories.unique("Class"), "rank": rank, **values}).insert().name


def paper_of(doctype: str) -> str:
	return frappe.get_doc(PAPER | {"name": factories.unique("Paper"), "doc_type": doctype}).insert().name


def report_of(w, doctype: str, own_class: bool = False):
	"""The same people before a report that the deliverable hands over, or one with the class of its own, with its PDF."""
	values = {"title": factories.unique("Report"), "customer": w.customer, "status": "Published", "version": 1, "compiler": w.author}
	values |= {"security_class": w.security_class} if own_class else {"deliverable": w.doc.name}
	doc = frappe.get_doc({"doctype": doctype, "name": factories.unique("R"), "owner": w.author, **values})
	doc.db_insert()
	switches.forget()
	file = frappe.get_doc(
		{"doctype": "File", "file_name": factories.unique("f") + ".pdf", "content": scene.page(), "is_private": 1, "attached_to_doctype": doctype, "attached_to_name": doc.name}
	).insert(ignore_permissions=True)
	doc = frappe.get_doc(doctype, doc.name)
	global_search.update_global_search(doc)
	global_search.sync_global_search()
	return frappe._dict(w, doc=doc, url=file.file_url, row="", paper=paper_of(doctype))


def world(**class_values):
	"""A class, a deliverable of it that was published for its customer, and people."""
	customer = factories.make_customer().name
	w = frappe._dict(customer=customer, author=reviewing.manager(), reviewer=reviewing.manager())
	factories.make_email_account()
	w.manager = reviewing.manager()
	w.desk, w.reader = (factories.make_user(roles=[DESK]).name for _ in range(2))
	w.auditor = factories.make_user(roles=[AUDITOR]).name
	w.administrators = factories.make_user(roles=["System Manager"]).name
	w.customers = customers.portal_user(customer, sees_all=True)
	w.customers_reader = customers.portal_user(customer, sees_all=True)
	w.stranger = customers.portal_user(factories.make_customer().name, sees_all=True)
	w.security_class = a_class(**class_values)
	readers = [{"user": w.reader}, {"user": w.customers_reader}]
	made = scene.document(w.author, customer, security_class=w.security_class, readers=readers, reviewer=w.reviewer)
	w.doc = scene.published(w.author, w.reviewer, made)
	frappe.db.commit()  # as the request that published it
	w.paper = paper_of("Deliverable")
	global_search.sync_global_search()
	w.row, w.url = w.doc.files[0].name, w.doc.files[0].file
	return w


PEOPLE = ("author", "manager", "desk", "reader", "auditor", "administrators", "customers", "customers_reader", "stranger", "guest")
STAFF = PEOPLE[:6]


def user_of(w, person: str) -> str:
	return "Guest" if person == "guest" else w[person]


def desk_list(w, user):
	answer = api_calls.post(user, "frappe.desk.reportview.get", doctype=w.doc.doctype, fields='["name"]', filters=json.dumps([["name", "=", w.doc.name]]))
	return w.doc.name in told(answer)


def told(answer) -> str:
	"""What a function gave, without what Frappe notes beside it of earlier calls."""
	return json.dumps(json.loads(answer.text).get("message")) if answer.status == 200 else ""


def report(w, user):
	form = {"doctype": w.doc.doctype, "fields": '["name", "title"]', "filters": json.dumps([["name", "=", w.doc.name]])}
	return w.doc.title in api_calls.post(user, "frappe.desk.reportview.get", **form, view="Report").text


def rest_list(w, user):
	return w.doc.title in api_calls.get(user, "frappe.client.get_list", doctype=w.doc.doctype, fields='["title"]', limit_page_length=0).text


def form(w, user):
	return w.doc.title in api_calls.get(user, "frappe.desk.form.load.getdoc", doctype=w.doc.doctype, name=w.doc.name).text


def rest(w, user):
	return w.doc.title in api_calls.ask(user, "GET", f"/api/resource/{w.doc.doctype}/{w.doc.name}").text


def value(w, user):
	return w.doc.title in api_calls.get(user, "frappe.client.get_value", doctype=w.doc.doctype, fieldname="title", filters=w.doc.name).text


def file_list(w, user):
	return w.url in told(api_calls.get(user, "frappe.client.get_list", doctype="File", fields='["file_url"]', limit_page_length=0))


def let_in():
	"""What Frappe asks of a request before it is answered."""
	for hook in frappe.get_hooks("auth_hooks"):
		frappe.get_attr(hook)()


def answered(user, path, answer, **query):
	"""The response to a GET that is let in."""
	with api_calls.request(user, "GET", path, query_string=query):
		try:
			let_in()
			response = answer()
		except HTTPException as error:
			response = error.get_response()
		except Exception as error:
			response = frappe.app.handle_exception(error)
		response.direct_passthrough = False
		return response


def review_list(w, user):
	return w.doc.title in told(api_calls.get(user, "frappe.client.get_list", doctype="Service Review", fields='["reference_title"]', limit_page_length=0))


def file_address(w, user):
	return answered(user, w.url, lambda: download_private_file(w.url)).status_code == 200


def download_file(w, user):
	answer = answered(user, "/api/method/frappe.core.doctype.file.file.download_file", lambda: frappe.api.handle(frappe.request), file_url=w.url)
	return answer.status_code == 200 and answer.get_data().startswith(b"%PDF")


def zip_files(w, user):
	names = frappe.get_all("File", {"file_url": w.url}, pluck="name")
	answer = answered(user, "/api/method/frappe.core.api.file.zip_files", lambda: frappe.api.handle(frappe.request), files=json.dumps(names))
	return answer.status_code == 200 and len(zipfile.ZipFile(io.BytesIO(answer.get_data())).namelist()) > 0


def our_door(w, user):
	method = "download" if user in (w[person] for person in STAFF) else "file"
	answer = api_calls.get(user, f"ops_delivery.api.deliverables.{method}", name=w.doc.name, row=w.row)
	return answer.status == 200 and answer.content.startswith(b"%PDF")


def print_pdf(w, user):
	answer = api_calls.get(user, "frappe.utils.print_format.download_pdf", doctype=w.doc.doctype, name=w.doc.name, format=w.paper)
	return answer.status == 200 and answer.content.startswith(b"%PDF")


def printview(w, user):
	return w.doc.title in pages.get(f"/printview?doctype={w.doc.doctype}&name={w.doc.name}", user)[1]


def print_preview(w, user):
	return w.doc.title in api_calls.get(user, "frappe.www.printview.get_html_and_style", doc=w.doc.doctype, name=w.doc.name, print_format=w.paper).text


def search(w, user):
	answer = api_calls.get(user, "frappe.utils.global_search.search", text=w.doc.name)
	return answer.status == 200 and f'"name":"{w.doc.name}"' in answer.text.replace(": ", ":")


def link(w, user):
	answer = api_calls.post(user, "frappe.desk.search.search_link", doctype=w.doc.doctype, txt=w.doc.title)
	return w.doc.name in told(answer)


def export(w, user):
	answer = api_calls.post(
		user,
		"frappe.desk.reportview.export_query",
		doctype=w.doc.doctype,
		file_format_type="CSV",
		fields='["title"]',
		filters="[]",
	)
	return answer.status == 200 and w.doc.title in answer.text


def data_export(w, user):
	answer = api_calls.post(
		user,
		"frappe.core.doctype.data_export.exporter.export_data",
		doctype=w.doc.doctype,
		select_columns=json.dumps({w.doc.doctype: ["name", "title"]}),
		with_data="1",
		file_type="CSV",
	)
	return answer.status == 200 and w.doc.title in answer.text


def mailed(w, user):
	"""Written by its author to somebody, with its print, and sent."""
	address = frappe.db.get_value("User", user, "email")
	answer = api_calls.post(
		w.author,
		"frappe.core.doctype.communication.email.make",
		doctype=w.doc.doctype,
		name=w.doc.name,
		recipients=address,
		subject="For you",
		content="Please read",
		send_email="1",
		print_format="Standard",
	)
	return answer.status == 200


def portal_list(w, user):
	return w.doc.title in pages.get("/deliverables", user)[1]


def portal_page(w, user):
	return w.doc.title in pages.get(f"/deliverables/{w.doc.name}", user)[1]


def document_page(w, user):
	return w.doc.title in pages.get(f"/agreements/{w.doc.name}", user)[1]


def document_list(w, user):
	return w.doc.title in pages.get("/agreements", user)[1]


def document_pdf(w, user):
	answer = api_calls.get(user, "ops_delivery.api.portal.document_pdf", name=w.doc.name)
	return answer.status == 200 and answer.content.startswith(b"%PDF")


def client_get(w, user):
	return w.doc.title in api_calls.get(user, "frappe.client.get", doctype=w.doc.doctype, name=w.doc.name).text


def own_paper(w, user):
	answer = api_calls.get(user, "ops_delivery.api.own_papers.offered", doctype=w.doc.doctype, name=w.doc.name)
	return answer.status == 200 and "may_attach" in answer.text


# what each door asks of the class
DOORS = {
	secrecy.LIST: (desk_list, report, rest_list, value, search, link, export, data_export),
	secrecy.OPEN: (form, rest, file_list, review_list),
	secrecy.DOWNLOAD: (file_address, download_file, zip_files, our_door),
	secrecy.PRINT: (print_pdf, printview, print_preview),
	secrecy.MAIL: (mailed,),
	"portal": (portal_list, portal_page),
}
# and of a report, which has no door of its own for files
REPORT_DOORS = {
	**DOORS,
	secrecy.OPEN: (form, rest, client_get, file_list),
	secrecy.DOWNLOAD: (file_address, download_file, zip_files),
	secrecy.PRINT: (print_pdf, printview, print_preview),
	"portal": (document_page, document_list),
}
