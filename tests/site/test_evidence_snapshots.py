"""Snapshots of clause evidence: kept, told anew by night, written by nobody; exemptions; what those complained about never learn."""

import api_calls
import complaining
import desk_door
import evidence_scene as scene
import frappe
import pytest
import scenario
from reviewing import user

from ops_delivery.services.evidence import nightly, snapshots
from ops_delivery.services.shared import install_state

DAY = "2026-04-02"


@pytest.fixture
def w(site):
	return scene.world()


def at(day: str = DAY, clock: str = "03:00"):
	from datetime import datetime

	return scenario.at(datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=scenario.ZONE))


def kept(w):
	return frappe.get_all(scene.SNAPSHOT, {"agreement_number": w.agreement.agreement_number or w.agreement.name}, ["name", "period_from", "made_on", "proven", "missing"], order_by="period_from")


def test_a_whole_month_is_kept_once_and_shown_from_then_on_until_it_is_computed_anew(w):
	before = scene.look(w)
	scene.issue(w)
	assert scene.states(scene.look(w)) == scene.states(before) and before["is_kept"]
	assert scene.states(scene.look(w, anew=1))["5.3.b"] == "Proven"
	assert len(kept(w)) == 1
	assert scene.look(w, first="2026-03-02")["is_kept"] is False and len(kept(w)) == 1


def test_nobody_writes_or_deletes_a_snapshot_by_any_door(w):
	scene.look(w)
	(row,) = kept(w)
	desk = desk_door.Desk("System Manager", "Service Delivery Manager", "Delivery Auditor")
	path = f"/api/resource/{scene.SNAPSHOT}"
	for method, where, form in (("PUT", f"{path}/{row.name}", {"proven": 143}), ("DELETE", f"{path}/{row.name}", {}), ("POST", path, {"agreement": w.agreement.name}), ("GET", path, {})):
		assert api_calls.ask(desk.user, method, where, data=form).status in (403, 404, 405, 417), method
	answer = desk.call("frappe.client.set_value", doctype=scene.SNAPSHOT, name=row.name, fieldname="proven", value=143)
	assert answer.status in (403, 417)
	doc = frappe.get_doc(scene.SNAPSHOT, row.name)
	with pytest.raises(frappe.ValidationError, match=r"Proven.* is noted by steps only"):
		doc.proven = 143
		doc.save(ignore_permissions=True)
	with pytest.raises(frappe.ValidationError, match="is kept as evidence and cannot be deleted"):
		frappe.get_doc(scene.SNAPSHOT, row.name).delete(ignore_permissions=True)
	assert frappe.db.get_value(scene.SNAPSHOT, row.name, "proven") == row.proven


def run(day=DAY, clock="03:00"):
	with at(day, clock):
		return nightly.run()


@pytest.fixture
def quiet(w):
	"""The nightly job has been through: from now on only what changes is due."""
	run("2026-04-01", "02:00")
	frappe.db.sql("update `tabIssue` set modified = '2026-03-01 00:00:00' where ops_agreement = %s", w.agreement.name)
	return w


@pytest.mark.committed
def test_by_night_only_agreements_whose_records_changed_are_computed(w):
	other = frappe._dict(agreement=scene.world().agreement)
	# days after all that this site has was made: nothing else is changed then
	day, next_day = (str(frappe.utils.add_days(frappe.utils.nowdate(), days)) for days in (2, 3))
	run(day, "02:00")
	made, of_other = ({row.name: row.made_on for row in kept(one)} for one in (w, other))
	assert len(made) == len(of_other) == 2  # this month and the last
	name = scene.issue(w)
	frappe.db.sql("update `tabIssue` set modified = %s where name = %s", (f"{day} 20:00:00", name))
	frappe.db.commit()
	with at(next_day):
		assert nightly.touched(frappe.utils.get_datetime(f"{day} 12:00:00")) == {w.agreement.name}
	run(next_day)
	assert {row.name: row.made_on for row in kept(w)} != made
	assert {row.name: row.made_on for row in kept(other)} == of_other


def test_a_run_that_was_stopped_is_finished_by_the_next(w, monkeypatch):
	class Stopped(BaseException):
		pass

	def stop(*_given):
		raise Stopped

	monkeypatch.setattr(nightly, "_make", stop)
	install_state.remember(nightly.STATE, {})
	with pytest.raises(Stopped):
		run("2026-04-01", "02:00")
	assert install_state.recall(nightly.STATE)["began"].startswith("2026-04-01 02:00") and not kept(w)
	monkeypatch.undo()
	run("2026-04-02", "02:00")
	assert len(kept(w)) == 2 and install_state.recall(nightly.STATE) == {"since": "2026-04-02 02:00:00"}


def test_a_clause_that_does_not_apply_is_proposed_reviewed_by_another_and_revoked(w):
	with at():
		status, name = scene.call(w.manager, "propose_exemption", agreement=w.agreement.name, clause=scene.named("6.4.a"), reason="No optimization is agreed", from_date="2026-03-01")
		assert status == 200, name
		assert scene.clause(scene.look(w, anew=1), "6.4.a")["exemption"]["state"] == "Proposed"
		assert scene.states(scene.look(w))["6.4.a"] == "Missing"
		assert scene.call(w.manager, "review_exemption", name=name, agreed=1)[0] == 403
		assert scene.call(w.desk, "review_exemption", name=name, agreed=1)[0] == 403
		status, _said = scene.call(w.manager, "propose_exemption", agreement=w.agreement.name, clause=scene.named("6.4.a"), reason="Again", from_date="2026-03-01")
		assert status == 417
		assert scene.call(w.auditor, "review_exemption", name=name, agreed=1, note="Seen") == (200, "In Force")
		answer = scene.look(w, anew=1)
		assert scene.states(answer)["6.4.a"] == "Not Applicable" and answer["counts"]["Not Applicable"] == 1
		assert scene.clause(answer, "6.4.a")["exemption"]["reason"] == "No optimization is agreed"
		assert scene.states(scene.look(w, first="2026-02-01", last="2026-02-28"))["6.4.a"] == "Missing"
		assert scene.call(w.second, "revoke_exemption", name=name, reason="")[0] == 417
		assert scene.call(w.second, "revoke_exemption", name=name, reason="It is agreed now") == (200, "Revoked")
		# it held in March, and does not in April
		assert scene.states(scene.look(w, anew=1))["6.4.a"] == "Not Applicable"
		assert scene.states(scene.look(w, first="2026-04-01", last="2026-04-30", anew=1))["6.4.a"] == "Missing"


@pytest.mark.parametrize("wrong", [{"reason": " "}, {"clause": "6.2.b"}])
def test_an_exemption_needs_a_reason_and_a_clause_that_is_judged(w, wrong):
	form = {"agreement": w.agreement.name, "clause": "6.4.a", "reason": "None agreed", "from_date": "2026-03-01", **wrong}
	status, _said = scene.call(w.manager, "propose_exemption", **{**form, "clause": scene.named(form["clause"])})
	assert status == 417
	assert scene.call(w.auditor, "propose_exemption", **{**form, "clause": scene.named("6.4.a"), "reason": "x"})[0] == 403


def test_nobody_types_an_exemption(w):
	desk = desk_door.Desk("System Manager", "Service Delivery Manager")
	answer = desk.new(scene.EXEMPTION, agreement=w.agreement.name, clause=scene.named("6.4.a"), state="In Force", reason="Mine")
	assert answer.status in (403, 417) and not frappe.db.exists(scene.EXEMPTION, {"agreement": w.agreement.name})


@pytest.mark.clause("5.4.d")
def test_who_is_complained_about_learns_nothing_of_it_from_the_evidence(w):
	accused = complaining.world()
	desk = desk_door.Desk("System Manager")
	values = {"definition_name": frappe.generate_hash(length=8), "clause": scene.named("5.4.a"), "document_type": "Service Complaint", "counts": "In the Period", "at_least": 1, "enabled": 1}
	assert desk.new(scene.DEFINITION, **values).status == 200
	frappe.db.set_value("Service Complaint", accused.complaint.name, {"agreement": w.agreement.name, "received_on": "2026-03-05 10:00:00"})
	assert scene.states(scene.look(w, anew=1))["5.4.a"] == "Proven"
	one = scene.clause(scene.look(w, accused.engineer), "5.4.a")
	assert (one["state"], one["records"]) == ("Missing", 0)
	proof = scene.records(w, "5.4.a", accused.engineer)["Service Complaint"]
	assert (proof["count"], proof["names"], proof["unreadable"]) == (0, [], 0)
	course = scene.call(accused.engineer, "course", agreement=w.agreement.name, last="2026-03-31")[1]
	whole = scene.call(w.auditor, "course", agreement=w.agreement.name, last="2026-03-31")[1]
	assert course["left_out"] and sum(course["months"][-1]["counts"].values()) < sum(whole["months"][-1]["counts"].values())


def test_two_agreements_beside_each_other(w):
	other = scene.world().agreement
	scene.issue(w)
	status, answer = scene.call(w.auditor, "compare", agreement=w.agreement.name, other=other.name, **scene.PERIOD)
	assert status == 200 and {"number": "5.3.b", "first": "Proven", "second": "Missing"}.items() <= next(row for row in answer["rows"] if row["number"] == "5.3.b").items()
	assert all(row["first"] != row["second"] for row in answer["rows"])


def test_the_course_shows_the_months_that_were_computed_and_the_missing_ones_can_be_filled(w):
	scene.look(w)
	answer = scene.call(w.auditor, "course", agreement=w.agreement.name, last="2026-03-31")[1]
	assert len(answer["months"]) == 12 and [bool(one["counts"]) for one in answer["months"]] == [False] * 11 + [True]
	with at("2026-03-20"), user("Administrator"):
		made = nightly.fill(w.agreement.name, "Delivery Specification")
	assert made == len(kept(w)) - 1 and snapshots.DOCTYPE == scene.SNAPSHOT
