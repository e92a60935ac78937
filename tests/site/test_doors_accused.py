"""Through no door of the host or of ours does staff who is complained about reach the complaint, or anything that hangs on it.

As in test_doors: the whole sweep is marked `security`, a sample of it is part of the site tests. Every table has the checksum
after it that it had before.
"""

import frappe
import probing
import pytest
from test_doors import KNOWN_FUNCTIONS, harm, report

pytestmark = [pytest.mark.committed, pytest.mark.clause("5.4.d")]
FEW = ("Service Complaint", "Communication")
_OWN_ROW = "makes a row of the caller's own, which holds what they typed"
_NO_ROW = "updates one of the host's books by a name that no row of it has"
# what names a planted record in a statement and does it no harm: function -> (what it writes, why)
HARMLESS = {
	"erpnext.accounts.doctype.process_payment_reconciliation.process_payment_reconciliation.pause_job_for_doc": (
		{"writes Process Payment Reconciliation!"},
		_NO_ROW,
	),
	**{
		f"erpnext.accounts.doctype.process_period_closing_voucher.process_period_closing_voucher.{name}_pcv_processing": (
			{"writes Process Period Closing Voucher!"},
			_NO_ROW,
		)
		for name in ("cancel", "pause", "resume")
	},
	"frappe.core.doctype.communication.email.mark_email_as_seen": (
		{"writes Communication!"},
		"the picture in a mail: whoever shows it says that it was read; open to the whole world, and tells nothing",
	),
	"frappe.core.doctype.prepared_report.prepared_report.make_prepared_report": ({"writes Prepared Report!"}, _OWN_ROW),
	"frappe.desk.doctype.kanban_board.kanban_board.quick_kanban_board": ({"writes Kanban Board!"}, _OWN_ROW),
	"frappe.desk.reportview.save_report": ({"writes Has Role!", "writes Report!"}, _OWN_ROW),
}


@pytest.fixture
def accused(site):
	w = probing.plant_complaint()
	frappe.db.commit()
	return w


def call(site, w, act, *arguments):
	probe, before = probing.Probe(site, w), probing.checksums()
	with probe.uncommitted():
		act(probe, *arguments)
	assert probing.changed(before) == set()
	return probe


def test_a_sample_of_functions_as_accused(accused, site):
	listed = probing.sample(probing.functions(), 40, KNOWN_FUNCTIONS)
	probe = call(site, accused, probing.call_everything, listed, FEW)
	assert probe.through  # staff get through, or nothing is tried here
	assert probe.harm == {}


def test_whoever_may_know_is_seen_reading(accused, site):
	"""That the probe sees what it looks for: the same requests as the complaint's handler."""
	keys = frappe.get_doc("User", accused.handler)
	keys.update({"api_key": frappe.generate_hash(length=15), "api_secret": "handler-secret"})
	keys.save()
	accused.key, accused.secret = keys.api_key, "handler-secret"
	probe = call(site, accused, probing.call_everything, ["frappe.client.get", "frappe.client.set_value"], FEW[:1])
	assert "reads" in probe.harm["frappe.client.get"]


def test_a_sample_of_lists_as_accused(accused, site):
	listed = probing.sample(probing.doctypes(), 60, set(accused.targets) | {"Communication Link", "Notification Log"})
	assert call(site, accused, probing.list_everything, listed).harm == {}


def test_a_document_brought_along_as_new_is_judged_by_what_is_stored(accused, site):
	known = {(doctype, "add_comment") for doctype in accused.targets}
	listed = [item for item in probing.methods() if item in known]
	probe = call(site, accused, probing.call_methods, listed)
	assert listed and probe.harm == {}


@pytest.mark.security
def test_every_function_as_accused(accused, site):
	probe = call(site, accused, probing.call_everything, probing.functions(), tuple(accused.targets))
	report("accused-functions", probe)
	assert harm(probe, HARMLESS) == {}


@pytest.mark.security
def test_every_list_as_accused(accused, site):
	probe = call(site, accused, probing.list_everything, probing.doctypes())
	report("accused-lists", probe)
	assert probe.harm == {}


@pytest.mark.security
def test_every_method_as_accused(accused, site):
	probe = call(site, accused, probing.call_methods, probing.methods())
	report("accused-methods", probe)
	assert probe.harm == {}
