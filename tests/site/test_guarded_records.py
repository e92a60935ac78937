"""Files, comments, messages and assignments from users without the desk whom nothing narrows: by real requests."""

import io
import json

import customers
import factories
import frappe
import pytest
import wire

from ops_delivery.permissions import reach

pytestmark = pytest.mark.committed
SECRET = "The secret of another customer"


@pytest.fixture
def w(site, cleanup):
	"""A served customer with a private file, and an intruder: a user without the desk whom nothing narrows."""
	world = customers.world()
	world.intruder = factories.make_user(user_type="Website User", roles=["Customer"], new_password=wire.PASSWORD).name
	frappe.utils.password.update_password(world.asker, wire.PASSWORD)
	world.file = private_file("secret.txt", "Issue", world.issue.name)
	world.loose = private_file("loose.txt")
	before = frappe.get_cached_doc("Ops Delivery Settings").get("narrowed_users")
	frappe.db.set_single_value("Ops Delivery Settings", "narrowed_users", reach.NOBODY)
	frappe.db.commit()
	cleanup(forget, world, before)
	world.visitor = wire.Visitor(site, world.intruder)
	return world


def private_file(name, doctype=None, record=None):
	values = {"file_name": name, "is_private": 1, "content": f"{SECRET} {name} {frappe.generate_hash()}"}
	if doctype:
		values |= {"attached_to_doctype": doctype, "attached_to_name": record}
	return factories.make("File", **values)


def forget(world, before):
	frappe.db.set_single_value("Ops Delivery Settings", "narrowed_users", before or reach.SERVED)
	for doctype in ("File", "ToDo", "Comment", "Communication", "DocShare", "Note"):
		frappe.db.delete(doctype, {"owner": ["in", [world.intruder, world.asker]]})


def not_refused(ways):
	return {way: (answer.status, answer.text[:300]) for way, answer in ways.items() if not answer.refused}


def insert(visitor, **doc):
	return visitor.call("frappe.client.insert", doc=doc)


def test_nobody_opens_a_file_by_naming_it(w):
	for secret in (w.file, w.loose):
		row = {"doctype": "File", "file_url": secret.file_url, "file_name": "x.txt", "is_private": 1}
		ways = {
			"insert": insert(w.visitor, **row),
			"without slash": insert(w.visitor, **{**row, "file_url": secret.file_url[1:]}),
			"dots": insert(w.visitor, **{**row, "file_url": "/files/.." + secret.file_url}),
			"encoded": insert(w.visitor, **{**row, "file_url": secret.file_url.replace("/files", "/%66iles")}),
			"with content": insert(w.visitor, **row, content="x"),
			"resource": w.visitor.ask("POST", "/api/resource/File", {"data": json.dumps(row)}),
			"upload": w.visitor.call("upload_file", file_url=secret.file_url, is_private=1),
			"library": w.visitor.call("upload_file", library_file_name=secret.name),
		}
		opened = w.visitor.ask("GET", secret.file_url)
		assert SECRET not in opened.text and opened.status == 403
		assert SECRET not in w.visitor.call("download_file", "GET", file_url=secret.file_url).text
		assert not_refused(ways) == {}
	assert not frappe.db.exists("File", {"owner": w.intruder, "file_url": ["like", "%secret%"]})


def test_ones_own_file_is_not_pointed_at_anothers(w, site):
	made = w.visitor.ask(
		"POST", "/api/method/upload_file", {"file": (io.BytesIO(b"mine"), "mine.txt"), "is_private": "1"}
	)
	assert made.status == 200, made.text[:500]
	name = made.json["message"]["name"]
	assert w.visitor.ask("GET", made.json["message"]["file_url"]).text == "mine"

	def put(**values):
		return w.visitor.ask("PUT", f"/api/resource/File/{name}", {"data": json.dumps(values)})

	assert not not_refused(
		{
			"url": put(file_url=w.file.file_url),
			"record": put(attached_to_doctype="Issue", attached_to_name=w.issue.name),
			"message": put(attached_to_doctype="Customer", attached_to_name=w.customer),
			"set_value": w.visitor.call(
				"frappe.client.set_value", doctype="File", name=name, fieldname="file_url", value=w.loose.file_url
			),
		}
	)


def test_an_attach_field_does_not_hand_a_file_over(w, as_user):
	"""Frappe gives the record the file that its Attach field names."""
	for secret in (w.file, w.loose):
		with as_user(w.intruder):
			note = frappe.new_doc("Issue")
			note.update({"subject": "x", "attachment": secret.file_url})
			if note.meta.has_field("attachment"):
				with pytest.raises(frappe.PermissionError, match="no file"):
					note.insert(ignore_permissions=True)
			user = frappe.get_doc("User", w.intruder)
			user.user_image = secret.file_url
			with pytest.raises(frappe.PermissionError, match="no file"):
				user.save(ignore_permissions=True)
	assert frappe.db.get_value("File", w.loose.name, "attached_to_doctype") is None


def test_nothing_is_hung_on_anothers_record(w):
	issue = {"reference_doctype": "Issue", "reference_name": w.issue.name}
	file = {"doctype": "File", "file_name": "x.txt", "content": "x", "is_private": 1}
	ways = {
		"file": insert(w.visitor, **file, attached_to_doctype="Issue", attached_to_name=w.issue.name),
		"file on customer": insert(w.visitor, **file, attached_to_doctype="Customer", attached_to_name=w.customer),
		"upload": w.visitor.ask(
			"POST",
			"/api/method/upload_file",
			{"file": (io.BytesIO(b"x"), "x.txt"), "doctype": "Issue", "docname": w.issue.name},
		),
		"todo": insert(
			w.visitor, doctype="ToDo", description="x", reference_type="Issue", reference_name=w.issue.name
		),
		"todo for staff": insert(
			w.visitor,
			doctype="ToDo",
			description="x",
			reference_type="Customer",
			reference_name=w.customer,
			allocated_to="Administrator",
		),
		"assign": w.visitor.call(
			"frappe.desk.form.assign_to.add", doctype="Issue", name=w.issue.name, assign_to=["Administrator"]
		),
		"comment": insert(
			w.visitor, doctype="Comment", comment_type="Comment", content="x", comment_email=w.asker, **issue
		),
		"website comment": w.visitor.call(
			"frappe.templates.includes.comments.comments.add_comment",
			comment="x",
			comment_email=w.asker,
			comment_by="Boss",
			route="x",
			**issue,
		),
		"like": w.visitor.call("frappe.desk.like.toggle_like", doctype="Issue", name=w.issue.name, add="Yes"),
		"message": insert(w.visitor, doctype="Communication", subject="x", content="x", **issue),
		"share": insert(
			w.visitor, doctype="DocShare", share_doctype="Issue", share_name=w.issue.name, user=w.intruder, read=1
		),
	}
	assert not not_refused(ways)
	assert not frappe.db.exists("Comment", {"reference_name": w.issue.name, "content": ["like", "%x%"], "owner": w.intruder})


def test_what_was_sent_is_not_taken_back(w, site):
	asker = wire.Visitor(site, w.asker)
	sent = asker.call("ops_delivery.api.portal.add_information", issue=open_request(w, asker), text="Since noon")
	message = sent.json["message"]
	todo = factories.make("ToDo", description="x", reference_type="Issue", reference_name=w.issue.name)
	frappe.db.set_value("ToDo", todo.name, {"assigned_by": w.asker, "owner": w.asker})
	mine = private_file("evidence.txt", "Communication", message)
	frappe.db.set_value("File", mine.name, "owner", w.asker)
	frappe.db.commit()
	ways = {
		"message": asker.ask("DELETE", f"/api/resource/Communication/{message}"),
		"message, by client": asker.call("frappe.client.delete", doctype="Communication", name=message),
		"file": asker.ask("DELETE", f"/api/resource/File/{mine.name}"),
		"file, moved away": asker.ask(
			"PUT", f"/api/resource/File/{mine.name}", {"data": json.dumps({"attached_to_name": None})}
		),
		"todo": asker.ask("DELETE", f"/api/resource/ToDo/{todo.name}"),
		"todo, closed": asker.ask("PUT", f"/api/resource/ToDo/{todo.name}", {"data": json.dumps({"status": "Closed"})}),
	}
	assert not not_refused(ways)
	assert frappe.db.exists("Communication", message) and frappe.db.exists("File", mine.name)
	assert frappe.db.get_value("ToDo", todo.name, "status") == "Open"


def open_request(w, asker) -> str:
	answer = asker.call("ops_delivery.api.portal.raise_request", subject="No network", description="-")
	assert answer.status == 200, answer.text[:500]
	return answer.json["message"]


def test_ones_own_todos_and_notes_stay_ones_own(w):
	"""Where it is about nothing of ours, Frappe decides as ever."""
	made = insert(w.visitor, doctype="ToDo", description="Buy milk", allocated_to=w.intruder)
	assert made.status == 200, made.text[:300]
	assert w.visitor.ask("DELETE", f"/api/resource/ToDo/{made.json['message']['name']}").status == 202
