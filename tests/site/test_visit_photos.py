"""Photos of a visit: sent again they are kept once, and every one is shown with its point, who and when (7.2.b)."""

import frappe
import pytest
import visiting
from reviewing import user
from visiting import key

from ops_delivery.services.papers import visit_paper
from ops_delivery.services.visits import on_site
from ops_delivery.services.visits import photos as visit_photos


@pytest.mark.clause("7.2.b.3", "8.4.b.1")
def test_a_photo_that_is_sent_twice_is_kept_once_and_shown_with_who_and_when(site):
	w = visiting.confirmed(visiting.world())
	row = next(row for row in w.visit.answers if row.answer_type == "Photo")
	with user(w.engineer):
		first = visit_photos.add(*key(w.visit), row.name, visiting.drawing("JPEG"), "a1b2c3d4e5")
		assert visit_photos.add(*key(w.visit), row.name, visiting.drawing("JPEG"), "a1b2c3d4e5") == first
		visit_photos.add(*key(w.visit), row.name, visiting.drawing("JPEG", (300, 300)), "f6g7h8i9j0")
		with pytest.raises(frappe.ValidationError, match=r"own name .* is not possible"):
			visit_photos.add(*key(w.visit), row.name, visiting.drawing("JPEG"), "../../x")
	doc = visiting.fresh(w.visit)
	shown = visit_photos.gallery(doc)
	assert len(shown) == 2 and shown[0]["image"] == first["photo"]
	assert {photo["point"] for photo in shown} == {row.question}
	assert all(frappe.utils.get_fullname(w.engineer) == photo["by"] and photo["on"] for photo in shown)
	paper = frappe._dict(when=str)
	assert len(visit_paper.VisitPaper(doc, paper).photos()) == 2
	with user(w.engineer):
		visiting.answer_stage(doc, "During")
		for item in doc.work_items:
			visiting.visit_work.start(*key(doc), item.name)
			visiting.visit_work.finish(*key(doc), item.name)
		on_site.finish_work(*key(doc), "Job Done")
		# its answer was lost: told again when the stage is over, it is still there and no error
		assert visit_photos.add(*key(w.visit), row.name, visiting.drawing("JPEG"), "a1b2c3d4e5")
		with pytest.raises(frappe.ValidationError, match=r"its stage is over"):
			visit_photos.add(*key(w.visit), row.name, visiting.drawing("JPEG"), "k1l2m3n4o5")
