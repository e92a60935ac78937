"""Who may do what with a deliverable, by its security class: every door × everybody who might knock (8.2.c.2).

ROWS says it, class by class: the letters are what somebody may do, l(ist) o(pen) d(ownload) p(rint) m(ail) and P(ortal), also of another
customer. `also` is what Frappe's role adds to take away: an auditor has no right to export, a customer none at the desk.
"""

import io

import frappe
import pytest
import secrecy_scene as scene
from pypdf import PdfReader

from ops_delivery.domain.deliverables import secrecy
from ops_delivery.services.deliverables import rules

pytestmark = pytest.mark.clause("8.2.c.2")

LETTERS = {"l": secrecy.LIST, "o": secrecy.OPEN, "d": secrecy.DOWNLOAD, "p": secrecy.PRINT, "m": secrecy.MAIL, "P": "portal"}
#              author   manager  desk     reader   auditor  administrators customers reader  stranger guest
ROWS = {
	"open": ("lodpm", "lodpm", "lodpm", "lodpm", "lodpm", "lodpm", "dmP", "dmP", "m", ""),
	"managers": ("lodpm", "lodpm", "", "lodpm", "lo", "", "dmP", "dmP", "", ""),
	"named": ("lodpm", "", "", "lodpm", "", "", "", "dmP", "", ""),
	"inside": ("lodpm", "lop", "o", "o", "", "", "", "", "", ""),
	"to look at": ("lodpm", "lodpm", "lodpm", "lodpm", "lodpm", "lodpm", "mP", "mP", "m", ""),
}


def expected(name: str, person: str, act: str, door) -> bool:
	letters = ROWS[name][scene.PEOPLE.index(person)]
	if person not in scene.STAFF and door in (scene.file_address, scene.download_file, scene.zip_files):
		return False  # whose doors are our pages
	return act in {LETTERS[letter] for letter in letters}


@pytest.mark.parametrize("name", ROWS)
def test_each_door_is_open_to_whom_the_table_says(site, name):
	w = scene.world(**scene.CLASSES[name])
	wrong = []
	for person in scene.PEOPLE:
		for act, doors in scene.DOORS.items():
			for door in doors:
				if person == "guest" and door is scene.mailed:
					continue
				got = bool(door(w, scene.user_of(w, person)))
				if got != expected(name, person, act, door):
					wrong.append(f"{person} {door.__name__}: {'open' if got else 'shut'}")
	assert not wrong, "\n".join(wrong)


REPORTS = ("Service Report", "Major Incident Report")


@pytest.mark.parametrize("name", ["managers", "named", "inside"])
@pytest.mark.parametrize("doctype", REPORTS)
def test_a_report_is_as_closed_as_the_deliverable_that_hands_it_over(site, name, doctype):
	w = scene.report_of(scene.world(**scene.CLASSES[name]), doctype)
	doors = scene.REPORT_DOORS if doctype == "Major Incident Report" else {**scene.REPORT_DOORS, secrecy.PRINT: (*scene.REPORT_DOORS[secrecy.PRINT], scene.own_paper)}
	assert not (wrong := differing(w, doors, name)), "\n".join(wrong)


def test_a_service_report_with_a_class_of_its_own_needs_no_deliverable_to_be_closed(site):
	w = scene.report_of(scene.world(**scene.CLASSES["managers"]), "Service Report", own_class=True)
	w.reader = w.desk  # nobody is a named reader of a report
	wrong = differing(w, scene.REPORT_DOORS, "managers", people=[person for person in scene.PEOPLE if person != "reader"])
	assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("tick", ["watermark", "encrypted"])
def test_the_copy_that_a_report_keeps_is_handed_out_by_its_deliverable_alone_where_it_would_bear_no_mark(site, monkeypatch, tick):
	w = scene.world(**scene.CLASSES["managers"])
	frappe.db.set_value("Service Security Class", w.security_class, tick, 1)
	scene.switches.forget()
	for doctype in REPORTS:
		of = scene.report_of(w, doctype)
		for person in ("author", "manager"):
			assert not any(door(of, of[person]) for door in (scene.file_address, scene.download_file, scene.zip_files)), (doctype, person)
			assert scene.print_pdf(of, of[person]) and scene.form(of, of[person])
	shown = scene.api_calls.get(w.author, "frappe.utils.print_format.download_pdf", doctype=of.doc.doctype, name=of.doc.name, format=of.paper)
	said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(shown.content)).pages)
	assert (w.author in said.replace("\n", "")) == (tick == "watermark")


def test_where_the_class_lets_nobody_in_by_role_who_asks_for_the_review_is_told_to_name_a_reviewer(site):
	w = scene.world(**scene.CLASSES["named"])
	doc = scene.scene.document(w.author, w.customer, security_class=w.security_class)
	doc = scene.reviewing.change(doc, w.author, specification_met=1)
	with pytest.raises(rules.NotComplete, match="Name who reviews it"):
		scene.reviewing.act(doc, "Ask for Internal Review", w.author)
	doc = scene.reviewing.change(frappe.get_doc("Deliverable", doc.name), w.author, reviewer=w.reviewer)
	assert scene.reviewing.act(doc, "Ask for Internal Review", w.author).status == "In Review"


def differing(w, doors, name, people=scene.PEOPLE) -> list[str]:
	"""Doors of a report that are open or shut against the table."""
	wrong = []
	for person in people:
		for act, of in doors.items():
			for door in of:
				if person == "guest" and door is scene.mailed:
					continue
				wanted = expected(name, person, act, door)
				if bool(door(w, scene.user_of(w, person))) != wanted:
					wrong.append(f"{person} {door.__name__}: {'shut' if wanted else 'open'}")
	return wrong
