"""The bytes of a deliverable's files: there while it is kept, as they were published, gone when it is destroyed (8.2.c.2)."""

import os

import api_calls
import customers
import deliverable_scene as scene
import desk_door
import factories
import frappe
import pytest
import reviewing

from ops_delivery.services.deliverables import files

pytestmark = pytest.mark.clause("8.2.c.2")


@pytest.fixture
def people(site):
	return frappe._dict(author=reviewing.manager(), reviewer=reviewing.manager())


@pytest.fixture
def desk(site):
	return desk_door.Desk("Service Delivery Manager")


def file_of(doc, url: str = ""):
	named = {"attached_to_doctype": "Deliverable", "attached_to_name": doc.name, "file_url": url or doc.files[0].file}
	return frappe.get_doc("File", {**named})


def path_of(url: str) -> str:
	return frappe.get_site_path("private", "files", url.rpartition("/")[2])


def stored(url: str) -> bytes | None:
	"""What lies on the disk, whatever the database says."""
	if not os.path.exists(path_of(url)):
		return None
	with open(path_of(url), "rb") as opened:
		return opened.read()


def destroy(doc, author):
	if doc.status == "Published":
		doc = reviewing.act(doc, "Archive", author)
	doc = reviewing.act(reviewing.change(doc, author, reason="Its time is over"), "Destroy", author)
	files.remove(doc.name)
	return frappe.get_doc("Deliverable", doc.name)


def doors(desk, name: str) -> dict:
	"""Every way in which a person deletes a file."""
	return {
		"REST": lambda: api_calls.ask(desk.user, "DELETE", f"/api/resource/File/{name}"),
		"list": lambda: desk.call("frappe.client.delete", doctype="File", name=name),
		"paperclip": lambda: desk.call("frappe.desk.form.utils.remove_attach", fid=name, dt="Deliverable", dn=""),
	}


@pytest.mark.parametrize("door", ["REST", "list", "paperclip"])
def test_a_refused_deletion_leaves_the_bytes(people, desk, door):
	doc = scene.published(people.author, people.reviewer)
	url = doc.files[0].file
	was = stored(url)
	assert was and was.startswith(b"%PDF")
	answer = doors(desk, file_of(doc).name)[door]()
	assert answer.status == 417 and "It goes when that is destroyed" in answer.text, answer.text[:300]
	assert stored(url) == was


def test_code_that_asks_for_no_permission_leaves_the_bytes_too(people):
	doc = scene.published(people.author, people.reviewer)
	url, name = doc.files[0].file, file_of(doc).name
	was = stored(url)
	for delete, said in (
		(lambda: frappe.delete_doc("File", name, ignore_permissions=True, force=True, delete_permanently=True), "It goes when that is destroyed"),
		(lambda: frappe.delete_doc("Deliverable", doc.name, ignore_permissions=True, force=True), "is kept as evidence and cannot be deleted"),
	):
		with pytest.raises(frappe.ValidationError, match=said):
			delete()
		assert stored(url) == was


def test_a_row_of_somebody_else_that_names_the_file_takes_no_bytes_along(people, desk):
	doc = scene.published(people.author, people.reviewer)
	url = doc.files[0].file
	was = stored(url)
	with reviewing.user(desk.user):
		other = frappe.get_doc({"doctype": "File", "file_url": url, "file_name": "mine.pdf", "is_private": 1}).insert()
	other.db_set("content_hash", "of something else")
	assert api_calls.ask(desk.user, "DELETE", f"/api/resource/File/{other.name}").status in (200, 202)
	assert stored(url) == was


def test_a_file_that_is_not_a_deliverables_is_deleted_as_ever(desk):
	loose = scene.upload(desk.user)
	assert stored(loose.file_url)
	assert api_calls.ask(desk.user, "DELETE", f"/api/resource/File/{loose.name}").status in (200, 202)
	assert stored(loose.file_url) is None


def test_a_refused_deletion_of_a_customer_leaves_the_bytes(site):
	"""The rule of files that customers sent us has the same course."""
	customer = factories.make_customer().name
	theirs = customers.portal_user(customer)
	scene.agreement(customer=customer)
	issue = factories.make_issue(customer, raised_by=theirs)
	sent = scene.upload(theirs, attached_to_doctype="Issue", attached_to_name=issue.name)
	was = stored(sent.file_url)
	with reviewing.user(theirs), pytest.raises(frappe.PermissionError, match="What was sent to us is kept"):
		frappe.delete_doc("File", sent.name, ignore_permissions=True)
	assert was and stored(sent.file_url) == was


@pytest.mark.parametrize(
	("field", "value"),
	[("is_private", 0), ("attached_to_name", ""), ("attached_to_doctype", ""), ("file_url", "/private/files/other.pdf"), ("content_hash", "0")],
)
def test_nobody_makes_a_kept_file_public_takes_it_off_or_puts_another_in_its_place(people, desk, field, value):
	doc = scene.published(people.author, people.reviewer)
	file = file_of(doc)
	was = stored(file.file_url)
	for user in (desk.user, people.author):
		answer = api_calls.post(user, "frappe.client.set_value", doctype="File", name=file.name, fieldname=field, value=value)
		refused = answer.status == 417 and "stays as it is" in answer.text
		# who has not uploaded it may not write what hangs on nothing, says Frappe
		assert refused or (user == desk.user and answer.status == 403), answer.text[:300]
		answer = api_calls.ask(user, "PUT", f"/api/resource/File/{file.name}", data=frappe.as_json({field: value}), content_type="application/json")
		assert answer.status in (417, 403), answer.text[:300]
	assert stored(file.file_url) == was and frappe.db.get_value("File", file.name, "is_private") == 1


def test_a_row_of_somebody_else_does_not_make_it_public(people, desk):
	doc = scene.published(people.author, people.reviewer)
	url = doc.files[0].file
	with reviewing.user(desk.user):
		other = frappe.get_doc({"doctype": "File", "file_url": url, "file_name": "mine.pdf", "is_private": 1}).insert()
	answer = desk.call("frappe.client.set_value", doctype="File", name=other.name, fieldname="is_private", value=0)
	assert answer.status == 417 and "stays as it is" in answer.text, answer.text[:300]
	assert stored(url) and file_of(doc).is_private


def test_what_is_compiled_may_be_changed_and_deleted(people, desk):
	doc = scene.document(people.author)
	url = doc.files[0].file
	reviewing.change(doc, people.author, files=[{"file": scene.upload(people.author).file_url}])
	answer = api_calls.ask(people.author, "DELETE", f"/api/resource/File/{file_of(doc, url).name}")
	assert answer.status in (200, 202), answer.text[:300]
	assert stored(url) is None


def test_a_customer_is_not_handed_another_file_than_was_published(people, monkeypatch):
	customer = factories.make_customer().name
	theirs = customers.portal_user(customer)
	doc = scene.published(people.author, people.reviewer, customer=customer)

	def fetch():
		return api_calls.get(theirs, "ops_delivery.api.deliverables.file", name=doc.name, row=doc.files[0].name)

	assert fetch().content == stored(doc.files[0].file)
	logged = []
	monkeypatch.setattr(frappe, "log_error", lambda title="", *args, **kwargs: logged.append(title))
	with open(path_of(doc.files[0].file), "wb") as opened:
		opened.write(b"%PDF another")
	answer = fetch()
	assert answer.status == 417 and "is not what was published" in answer.text and b"another" not in answer.content
	os.remove(path_of(doc.files[0].file))
	answer = fetch()
	assert answer.status == 417 and "is not what was published" in answer.text
	assert [doc.name in title for title in logged] == [True, True], "those who look after the system are told"


def test_the_bytes_of_a_destroyed_one_are_gone_and_with_them_the_upload_they_came_from(people):
	content = scene.page()
	first = scene.upload(people.author, content=content)
	again = scene.upload(people.author, content=content)  # Frappe keeps the bytes once
	assert first.file_url == again.file_url
	doc = destroy(scene.published(people.author, people.reviewer, files=[{"file": first.file_url}]), people.author)
	assert stored(first.file_url) is None and not frappe.get_all("File", {"file_url": first.file_url})
	assert doc.files_removed_on


def test_where_another_record_has_the_same_content_nobody_says_that_it_is_gone(people):
	task = factories.make("Task", subject="Other")
	source = scene.upload(people.author, attached_to_doctype="Task", attached_to_name=task.name)
	doc = destroy(scene.published(people.author, people.reviewer, files=[{"file": source.file_url}]), people.author)
	assert not frappe.get_all("File", {"attached_to_doctype": "Deliverable", "attached_to_name": doc.name})
	assert stored(source.file_url), "it is the task's"
	assert not doc.files_removed_on
	told = frappe.get_all("Comment", {"reference_name": doc.name, "comment_type": "Info", "content": ["like", f"%{source.name}%"]})
	files.remove(doc.name)
	assert len(told) == 1 == len(frappe.get_all("Comment", {"reference_name": doc.name, "comment_type": "Info", "content": ["like", f"%{source.name}%"]}))
	frappe.delete_doc("File", source.name, ignore_permissions=True)
	files.remove_left()
	assert stored(source.file_url) is None
	assert frappe.db.get_value("Deliverable", doc.name, "files_removed_on")


def test_a_destroyed_record_that_is_saved_again_takes_no_file(people, desk):
	task = factories.make("Task", subject="Other")
	source = scene.upload(people.author, attached_to_doctype="Task", attached_to_name=task.name)
	doc = destroy(scene.published(people.author, people.reviewer, files=[{"file": source.file_url}]), people.author)
	answer = desk.save(doc, reason="Said in other words")
	assert answer.status == 200, answer.text[:300]
	assert not frappe.get_all("File", {"attached_to_doctype": "Deliverable", "attached_to_name": doc.name})


def test_one_that_cannot_be_removed_does_not_stop_the_others(people, monkeypatch):
	first, second = (scene.published(people.author, people.reviewer) for _ in range(2))
	urls = [doc.files[0].file for doc in (first, second)]
	for doc in (first, second):
		doc = reviewing.act(doc, "Archive", people.author)
		reviewing.act(reviewing.change(doc, people.author, reason="Over"), "Destroy", people.author)
	real = files.remove

	def failing(name):
		if name == first.name:
			raise OSError("disk")
		real(name)

	monkeypatch.setattr(files, "remove", failing)
	files.remove_left()
	assert stored(urls[1]) is None and frappe.db.get_value("Deliverable", second.name, "files_removed_on")


def test_what_was_published_before_a_revision_keeps_its_file_until_it_is_destroyed(people, desk):
	doc = scene.published(people.author, people.reviewer)
	old, name = doc.files[0].file, file_of(doc).name
	was = stored(old)
	doc = reviewing.act(doc, "Revise", people.author)
	assert api_calls.ask(people.author, "DELETE", f"/api/resource/File/{name}").status == 417
	doc = reviewing.change(doc, people.author, files=[{"file": scene.upload(people.author).file_url}])
	new = doc.files[0].file
	assert api_calls.ask(people.author, "DELETE", f"/api/resource/File/{name}").status == 417
	doc = scene.published(people.author, people.reviewer, doc)
	answer = desk.call("frappe.client.set_value", doctype="File", name=name, fieldname="is_private", value=0)
	assert answer.status == 417, answer.text[:300]
	assert api_calls.ask(desk.user, "DELETE", f"/api/resource/File/{name}").status == 417
	assert stored(old) == was
	destroy(doc, people.author)
	assert stored(old) is None and stored(new) is None


@pytest.mark.clause("8.2.a")
def test_what_was_published_is_not_cancelled_but_archived_and_destroyed(people, desk):
	doc = reviewing.act(scene.published(people.author, people.reviewer), "Revise", people.author)
	doc = reviewing.change(doc, people.author, reason="Unwanted")
	answer = desk.call("frappe.model.workflow.apply_workflow", doc=frappe.as_json(doc.as_dict()), action="Cancel")
	assert answer.status == 417 and "was published before" in answer.text, answer.text[:300]
	answer = desk.save(frappe.get_doc("Deliverable", doc.name), status="Cancelled")
	assert answer.status == 417, answer.text[:300]
	assert frappe.db.get_value("Deliverable", doc.name, "status") == "Compiling"
	fresh = reviewing.change(scene.document(people.author), people.author, reason="Unwanted")
	assert reviewing.act(fresh, "Cancel", people.author).status == "Cancelled"
