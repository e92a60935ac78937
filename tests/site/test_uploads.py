"""Every upload of ours × every kind of bad file: a word and nothing saved, never an error page (6.3.j, 5.4.d)."""

import base64
import io
import zipfile

import customers
import frappe
import frappe.app
import pytest
from frappe.utils import set_request
from pages import get, words
from PIL import Image
from werkzeug.datastructures import FileStorage, MultiDict

from ops_delivery.api import portal
from ops_delivery.services.scope import file_names, uploads
from ops_delivery.services.shared import images as pictures
from ops_delivery.services.shared import signed_link

HEIC = b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 40
EXE = b"MZ\x90\x00" + b"\x00" * 60


def picture(kind="PNG", size=(8, 8)):
	made = io.BytesIO()
	Image.new("RGB", size, "red").save(made, kind)
	return made.getvalue()


def zipped():
	made = io.BytesIO()
	with zipfile.ZipFile(made, "w") as archive:
		archive.writestr("word/document.xml", "<x/>")
	return made.getvalue()


BAD = {
	"empty": ("photo.png", b"", "is empty"),
	"empty text": ("log.txt", b"", "is empty"),
	"a program as a picture": ("evil.png", EXE, "not a picture"),
	"a program as a text": ("evil.txt", EXE, "not what its name says"),
	"a program as a PDF": ("evil.pdf", EXE, "not what its name says"),
	"a program": ("evil.exe", EXE, "not a kind of file"),
	"a page": ("evil.html", b"<script>alert(1)</script>", "not a kind of file"),
	"a page as a picture": ("evil.jpg", b"<script>alert(1)</script>", "not a picture"),
	"markup that draws": ("evil.svg", b"<svg onload='x'/>", "not a kind of file"),
	"half a picture": ("half.png", picture()[:30], "not a picture"),
	"half a report": ("report.pdf", b"%PDF-1.7\n%x\n", "damaged"),
	"no ending": ("evil", EXE, "not a kind of file"),
	"only an ending": (".png", b"", "is empty"),
	"from a phone": ("IMG_1.HEIC", HEIC, "HEIC"),
	"from a phone, renamed": ("IMG_1.jpg", HEIC, "HEIC"),
}
def pdf():
	made = io.BytesIO()
	Image.new("RGB", (8, 8), "red").save(made, "PDF")
	return made.getvalue()


GOOD = {
	"photo.png": picture(),
	"photo.jpg": picture("JPEG"),
	"a & b 照片.gif": picture("GIF"),
	"report.pdf": pdf(),
	"letter.docx": zipped(),
	"log.txt": "中文 log".encode(),
	"utf16.log": "log".encode("utf-16"),
	"film.mp4": b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 20,
}


@pytest.fixture
def w():
	world = customers.world()
	world.open = frappe.get_doc(
		{"doctype": "Issue", "subject": "x", "raised_by": world.asker, "customer": world.customer}
	).insert()
	world.token = signed_link.make("complaint", "Issue", world.issue.name, world.issue.ops_customer_email)
	frappe.db.commit()
	return world


def send(path, user, form, files):
	data = MultiDict([*form.items(), *(("files", FileStorage(io.BytesIO(body), name)) for name, body in files)])
	status, html = get(path, user, "POST", data)
	assert status != 500, html[html.find("Traceback") :][:3000]
	return status, html


PAGES = {
	"a new request": lambda w: ("/service-requests/new", w.asker, {"subject": "Fault", "description": "x"}),
	"more on a request": lambda w: (f"/service-requests/{w.open.name}", w.asker, {"what": "information", "text": "x"}),
	"a complaint": lambda w: ("/complaints/new", w.asker, {"subject": "Nobody came", "text": "x"}),
	"a complaint by link": lambda w: (
		"/complaint",
		"Guest",
		{"token": w.token, "act": "complain", "subject": "Nobody came", "text": "x"},
	),
}


def count():
	return {name: frappe.db.count(name) for name in ("File", "Issue", "Communication", "Service Complaint")}


@pytest.mark.parametrize("place", PAGES)
def test_a_page_says_what_is_wrong_with_each_bad_file_and_keeps_nothing(place, w, monkeypatch):
	monkeypatch.setattr(pictures, "can_read_heic", lambda: False)
	path, user, form = PAGES[place](w)
	before = count()
	for kind, (name, body, says) in BAD.items():
		status, html = send(path, user, form, [(name, body)])
		assert status == 417 and says in words(html), f"{kind}: {status} {words(html)[:300]}"
		assert "Traceback" not in html
	monkeypatch.setattr(uploads, "_most_bytes", lambda: 10)
	status, html = send(path, user, form, [("photo.png", picture())])
	assert status == 417 and "larger than" in words(html)
	monkeypatch.undo()
	status, html = send(path, user, form, [(f"{n}.txt", b"x") for n in range(6)])
	assert status == 417 and "At most 5 files" in words(html)
	assert count() == before


@pytest.mark.parametrize("place", PAGES)
def test_a_page_keeps_good_files_under_names_that_do_nothing(place, w):
	path, user, form = PAGES[place](w)
	names = {
		"<img src=x onerror=alert(1)>.png": picture(),
		"=cmd|'/c calc'!A1.txt": b"x",
		f"{'长' * 296}.png": picture("PNG", (9, 9)),
		"evil\u202egnp.txt": b"y",
	}
	status, _target = send(path, user, form, list(names.items()))
	assert status in (200, 303)
	rows = frappe.get_all("File", fields=["file_name", "file_url", "is_private"], order_by="creation desc", limit=4)
	assert len(rows) == 4
	for row in rows:
		assert row.is_private and not set("<>\"'|\u202e") & set(row.file_name + row.file_url), row
		assert row.file_name[0] not in "=+-@" and len(row.file_name.encode()) <= 190, row
		assert frappe.get_doc("File", {"file_url": row.file_url}).get_content()


def test_every_kind_we_take_is_taken(w):
	path, user, form = PAGES["a new request"](w)
	for name, body in GOOD.items():
		status, target = send(path, user, {**form, "description": name}, [(name, body)])
		assert status == 303, (name, words(target)[:300] if status != 303 else "")


def test_the_endpoints_say_the_same(w):
	for name, body, says in BAD.values():
		for call in (
			lambda: portal.raise_request("Fault", "x"),
			lambda: portal.add_information(w.open.name, "x"),
		):
			data = MultiDict([("files", FileStorage(io.BytesIO(body), name))])
			set_request(method="POST", path="/", data=data)
			frappe.local.request_ip = "127.0.0.1"
			frappe.set_user(w.asker)
			try:
				with pytest.raises(frappe.ValidationError, match=says):
					call()
			finally:
				frappe.set_user("Administrator")
				frappe.local.request = None


def test_a_jpeg_that_is_named_png_gets_its_own_ending(w):
	path, user, form = PAGES["a new request"](w)
	assert send(path, user, form, [("scan.png", picture("JPEG", (11, 11)))])[0] == 303
	assert frappe.get_all("File", pluck="file_name", order_by="creation desc", limit=1)[0].endswith(".jpg")


@pytest.mark.parametrize("name", ["IMG_20260302.jpg", "IMG_20260302.png"])
def test_a_phones_jpeg_with_another_one_inside_is_taken(w, name):
	"""Depth and brightness of portraits and HDR: Pillow calls it by a name of its own."""
	made = io.BytesIO()
	inside = Image.new("RGB", (8, 8), "blue")
	Image.new("RGB", (64, 48), "red").save(made, "MPO", save_all=True, append_images=[inside])
	path, user, form = PAGES["a new request"](w)
	assert send(path, user, form, [(name, made.getvalue())])[0] == 303
	assert frappe.get_all("File", pluck="file_name", order_by="creation desc", limit=1)[0].endswith(".jpg")
	taken = "data:image/jpeg;base64," + base64.b64encode(made.getvalue()).decode()
	assert Image.open(io.BytesIO(pictures.read(taken, pictures.PHOTO))).size == (64, 48)


def test_a_photo_in_apples_format_is_converted_where_that_can_be_done(monkeypatch):
	monkeypatch.setattr(pictures, "from_heic", lambda content, said: picture("JPEG"))
	made = uploads.check([FileStorage(io.BytesIO(HEIC), "IMG_1.HEIC")])[0]
	assert made.name == "IMG_1.jpg" and made.content.startswith(b"\xff\xd8")


@pytest.mark.parametrize("body", [b"", EXE, b"<svg/>", HEIC, picture()[:30]])
def test_a_picture_that_is_drawn_or_taken_is_looked_at_too(body, monkeypatch):
	monkeypatch.setattr(pictures, "can_read_heic", lambda: False)
	for limit in (pictures.PHOTO, pictures.SIGNATURE):
		for head in ("data:image/png;base64,", ""):
			with pytest.raises(frappe.ValidationError, match=r"not a picture|HEIC"):
				pictures.read(head + base64.b64encode(body).decode(), limit)


def test_a_full_disk_leaves_no_half_file_and_says_so(w, monkeypatch):
	from pathlib import Path

	written = []

	def full(self):
		target = Path(self.get_full_path())
		target.write_bytes(b"half")
		written.append(target)
		raise OSError(28, "No space left on device")

	monkeypatch.setattr("frappe.core.doctype.file.file.File.write_file", full)
	path, user, form = PAGES["a new request"](w)
	before = count()
	status, html = send(path, user, form, [("photo.png", picture("PNG", (13, 13)))])
	assert status == 417 and "cannot write files just now" in words(html)
	assert count() == before and written and not written[0].exists()


@pytest.mark.parametrize(
	("name", "cleaned"),
	[
		("photo.png", "photo.png"),
		("照片 1.png", "照片 1.png"),
		("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
		("../../etc/passwd", "passwd"),
		("C:\\temp\\a.txt", "a.txt"),
		("=1+1.csv", "_1+1.csv"),
		("-x.txt", "_x.txt"),
		("a\u202egnp.exe", "agnp.exe"),
		("a\nb\x00.txt", "ab.txt"),
		("", "file"),
		("...", "file"),
		(".png", "file.png"),
		("a.tar.gz", "a.tar.gz"),
	],
)
def test_names(name, cleaned):
	assert file_names.clean_name(name) == cleaned
	assert file_names.clean_name(cleaned) == cleaned


def test_files_of_mails_and_the_desk_are_named_so_unless_the_site_says_no(w):
	def made(name, content):
		doc = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": name,
				"content": content,
				"attached_to_doctype": "Issue",
				"attached_to_name": w.issue.name,
				"is_private": 1,
			}
		).insert()
		return doc

	evil = "<img src=x onerror=alert(1)>.txt"
	doc = made(evil, b"by mail")
	assert "<" not in doc.file_name + doc.file_url
	assert doc.get_content() in ("by mail", b"by mail")
	comment = frappe.get_all(
		"Comment",
		{"reference_name": w.issue.name, "comment_type": "Attachment"},
		pluck="content",
		order_by="creation desc",
		limit=1,
	)[0]
	assert "<img" not in comment and "onerror=alert(1)_" in comment
	frappe.db.set_single_value("Ops Delivery Settings", "leave_file_names", 1)
	assert "<" in made(evil, b"left alone").file_name  # as Frappe has it
