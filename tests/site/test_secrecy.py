"""Who may do what with a deliverable, by its security class: every door × everybody who might knock (8.2.c.2).

ROWS says it, class by class: the letters are what somebody may do, l(ist) o(pen) d(ownload) p(rint) m(ail) and P(ortal), also of another
customer. `also` is what Frappe's role adds to take away: an auditor has no right to export, a customer none at the desk.
"""

import frappe
import pytest
import secrecy_scene as scene

from ops_delivery.domain.deliverables import secrecy

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
