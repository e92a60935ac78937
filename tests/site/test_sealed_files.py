"""Files of a class that asks for it are encrypted on the disk; whatever stops that on its way leaves one whole file (8.2.c.2)."""

import base64
import os
import signal
import subprocess
import sys
import time

import api_calls
import deliverable_scene
import frappe
import pytest
import reviewing
import secrecy_scene as scene

from ops_delivery.services.deliverables import classes, file_keys, files, sealed, sealing

pytestmark = pytest.mark.clause("8.2.c.2")


def key() -> str:
	return base64.b64encode(os.urandom(32)).decode()


@pytest.fixture
def keys(site, monkeypatch):
	"""The site's keys, without touching its configuration."""
	monkeypatch.setitem(frappe.local.conf, file_keys.CONFIG, {"first": key()})
	monkeypatch.setattr(file_keys, "_write", lambda given: frappe.local.conf.update({file_keys.CONFIG: given}))
	return frappe.local.conf[file_keys.CONFIG]


def on_disk(w) -> bytes:
	return sealing.path_of(w.url).read_bytes()


def beside(w) -> list:
	path = sealing.path_of(w.url)
	return [left.name for left in path.parent.iterdir() if left.name.startswith(f".{path.name}")]


def state(w):
	return frappe.db.get_value("Deliverable", w.doc.name, "files_protection")


def fetch(w, person="manager"):
	return api_calls.get(w[person], "ops_delivery.api.deliverables.download", name=w.doc.name, row=w.row)


def choose(w, **values):
	"""Change the class, and let its job run."""
	doc = frappe.get_doc(classes.CLASS, w.security_class)
	doc.update(values).save()
	classes.follow(doc.name)


@pytest.fixture
def w(keys):
	found = scene.world(**scene.CLASSES["managers"])
	found.plain = on_disk(found)
	return found


def test_it_is_encrypted_when_the_class_asks_and_readable_when_it_does_not(w):
	choose(w, encrypted=1)
	assert sealed.is_sealed(on_disk(w)) and w.plain not in on_disk(w) and state(w) == "Encrypted"
	answer = fetch(w)
	assert answer.status == 200 and answer.content == w.plain
	assert fetch(w, "desk").status == 403
	for door in (scene.file_address, scene.download_file, scene.zip_files):
		assert not door(w, w.manager)
	with reviewing.user(w.manager):
		again = deliverable_scene.upload(w.manager, content=w.plain)
	assert again.file_url != w.url and sealing.path_of(again.file_url).read_bytes() == w.plain, "nobody is given the encrypted bytes"
	first = on_disk(w)
	sealing.settle(w.doc.name)
	assert on_disk(w) == first
	choose(w, encrypted=0)
	assert on_disk(w) == w.plain and not state(w) and fetch(w).content == w.plain
	assert frappe.db.get_value("File", {"attached_to_name": w.doc.name}, "content_hash") == w.doc.files[0].fingerprint


def test_what_is_published_in_such_a_class_is_encrypted_behind_the_commit(keys, jobs):
	w = scene.world(**scene.CLASSES["managers"], encrypted=1)
	assert state(w) == "Waiting" and fetch(w).status == 200
	jobs.run()
	assert sealed.is_sealed(on_disk(w)) and state(w) == "Encrypted"
	revised = reviewing.act(frappe.get_doc("Deliverable", w.doc.name), "Revise", w.author)
	assert revised.files[0].fingerprint == w.doc.files[0].fingerprint


def test_without_a_key_the_class_says_how_to_make_one(w, keys):
	keys.clear()
	with pytest.raises(file_keys.NoKey, match="ops-file-key --make"):
		choose(w, encrypted=1)


@pytest.mark.parametrize("step", ["fsync", "replace", "write"])
@pytest.mark.parametrize("encrypted", [1, 0])
def test_a_full_disk_leaves_the_file_as_it_was_and_the_next_run_finishes(w, monkeypatch, step, encrypted):
	if not encrypted:
		choose(w, encrypted=1)
	was = on_disk(w)

	def full(*_args, **_kwargs):
		raise OSError(28, "No space left on device")

	with monkeypatch.context() as patched:
		target = {"fsync": (os, "fsync"), "replace": (os, "replace"), "write": (sealing.tempfile, "mkstemp")}[step]
		patched.setattr(*target, full)
		patched.setattr(frappe, "log_error", lambda *args, **kwargs: None)
		doc = frappe.get_doc(classes.CLASS, w.security_class)
		doc.update({"encrypted": encrypted}).save()
		frappe.db.commit()
		classes.follow(doc.name)
	assert on_disk(w) == was and not beside(w)
	assert fetch(w).content == w.plain
	sealing.settle_left()
	assert sealed.is_sealed(on_disk(w)) == bool(encrypted) and fetch(w).content == w.plain
	assert state(w) == ("Encrypted" if encrypted else None)


@pytest.mark.parametrize("after", ["_name_content", "write_whole"])
def test_a_process_that_ends_between_two_steps_is_simply_repeated(w, monkeypatch, after):
	real = getattr(sealing, after)

	class Killed(BaseException):
		pass

	def ends(*args, **kwargs):
		real(*args, **kwargs)
		raise Killed

	doc = frappe.get_doc(classes.CLASS, w.security_class)
	doc.update({"encrypted": 1}).save()
	frappe.db.commit()
	with monkeypatch.context() as patched, pytest.raises(Killed):
		patched.setattr(sealing, after, ends)
		sealing.settle(w.doc.name)
	assert fetch(w).content == w.plain
	sealing.settle_left()
	assert state(w) == "Encrypted" and fetch(w).content == w.plain


def test_a_process_that_is_killed_while_it_writes_leaves_the_old_file(tmp_path):
	path = tmp_path / "report.pdf"
	path.write_bytes(b"old" * 1000)
	code = (
		"import os, time, sys; from pathlib import Path; from ops_delivery.services.deliverables import sealing\n"
		"os.fsync = lambda number: (print('now', flush=True), time.sleep(60))\n"
		"sealing.write_whole(Path(sys.argv[1]), b'new' * 100000)"
	)
	child = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE)
	assert child.stdout.readline() == b"now\n"
	child.send_signal(signal.SIGKILL)
	child.wait()
	assert path.read_bytes() == b"old" * 1000
	assert len(list(tmp_path.iterdir())) == 2
	sealing.clear_beside(path, older_than=0)
	assert [left.name for left in tmp_path.iterdir()] == ["report.pdf"]


def test_a_lost_key_is_said_and_put_back_it_opens_again(w, keys):
	choose(w, encrypted=1)
	kept = keys.pop("first")
	answer = fetch(w)
	assert answer.status == 417 and "first" in answer.text and "nobody can open the file" in answer.text
	keys["first"] = key()  # another one under its name
	assert "nobody can open the file" in fetch(w).text
	keys["first"] = kept
	assert fetch(w).content == w.plain


def test_keys_are_rotated_without_touching_what_is_encrypted(w, keys):
	choose(w, encrypted=1)
	was = on_disk(w)
	newest = file_keys.make()
	assert file_keys.current() == newest and fetch(w).content == w.plain
	assert sealing.keys_in_use()["first"] >= 1
	sealing.rotate()
	assert sealed.key_of(on_disk(w)) == newest and on_disk(w)[-64:] == was[-64:]
	file_keys.forget("first")
	assert fetch(w).content == w.plain
	assert sealing.rotate()["done"] == 0


@pytest.mark.parametrize("harm", [lambda text: text[:-1], lambda text: text[:-40] + b"x" + text[-39:], lambda text: text + b"more", lambda text: text[:9]])
def test_a_damaged_file_is_not_handed_out(w, harm):
	choose(w, encrypted=1)
	sealing.path_of(w.url).write_bytes(harm(on_disk(w)))
	answer = fetch(w)
	assert answer.status == 417 and ("is damaged" in answer.text or "is not what was published" in answer.text)


def test_many_chunks_keep_their_order():
	keys = {"a": os.urandom(32)}
	text = os.urandom(3 * sealed.CHUNK + 17)
	made = sealed.seal(text, "a", keys)
	assert sealed.opened(made, keys) == text
	at = len(made) - len(text) - 4 * sealed.TAG
	step = sealed.CHUNK + sealed.TAG
	swapped = made[:at] + made[at + step : at + 2 * step] + made[at : at + step] + made[at + 2 * step :]
	with pytest.raises(sealed.Damaged):
		sealed.opened(swapped, keys)
	for size in (0, 1, sealed.CHUNK):
		assert sealed.opened(sealed.seal(text[:size], "a", keys), keys) == text[:size]


def test_destroying_takes_the_encrypted_file_away(w):
	choose(w, encrypted=1)
	doc = reviewing.act(frappe.get_doc("Deliverable", w.doc.name), "Archive", w.author)
	reviewing.act(reviewing.change(doc, w.author, reason="Over"), "Destroy", w.author)
	files.remove(doc.name)
	assert not sealing.path_of(w.url).exists() and not beside(w)
	assert time.time() > 0
