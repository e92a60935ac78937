"""One clock, one verdict: whoever says whether a promise was kept says the same (14.40, 6.3.d)."""

from datetime import timedelta

import customers
import factories
import frappe
import pytest
import scenario
from pages import get, words
from papers import text_of
from scenario import MONDAY, hours

from ops_delivery.api import printing
from ops_delivery.services.clocks import explanation, figures, support_record
from ops_delivery.services.escalation import sweep
from ops_delivery.services.papers import jinja_methods as message_methods

COMMITMENT = "First Response"
DUE = MONDAY + hours(1)
MARCH = {"from_date": "2026-03-01", "to_date": "2026-03-31"}


@pytest.fixture
def w(site):
	factories.make_email_account()
	return customers.world()


def printed(function, *args) -> str:
	function(*args)
	content, frappe.local.response = frappe.local.response.filecontent, frappe._dict()
	return " ".join(text_of(content).split())


def verdicts(w, issue) -> dict[str, bool]:
	"""By whom: whether they say that it was late."""
	clock = scenario.clock(issue, COMMITMENT)
	page = words(get(f"/service-requests/{issue.name}", w.asker)[1])
	(line,) = [line for line in support_record.lines(MARCH) if line.name == issue.name]
	(outcome,) = [
		one
		for one in figures.outcomes(MARCH)
		if (one.keys["record"], one.commitment) == (issue.name, COMMITMENT)
	]
	assert ("in time" in page) != ("after the promised time" in page), page
	papers = [
		printed(printing.clock_explanation, clock.name),
		printed(printing.response_record_pdf, "Issue", issue.name),
	]
	for paper in papers:
		assert ("Done in time" in paper) != ("Done late" in paper), paper
	card = explanation.explain(clock.name)
	return {
		"the list's badge and the title": frappe.db.get_value("Issue", issue.name, "agreement_status")
		== "Failed",
		"the card": card["missed"],
		"the card's bar": card["elapsed"] > card["target"],
		"the customer's page": "after the promised time" in page,
		"the figures": outcome.status == "breached",
		"the record": COMMITMENT in line.missed,
		"the paper of the clock": "Done late" in papers[0],
		"the paper of the record": "Done late" in papers[1],
		"a message": bool(message_methods.ops_clock(issue, COMMITMENT).breached),
	}


@pytest.mark.parametrize("swept", [False, True], ids=["unseen", "seen by the sweep"])
@pytest.mark.parametrize(
	"late_by, is_late", [(timedelta(milliseconds=7), False), (timedelta(seconds=1), True)]
)
def test_a_promise_answered_at_its_deadline_is_judged_alike_everywhere(w, late_by, is_late, swept):
	issue = scenario.judge_valid(scenario.issue(w.agreement, raised_by=w.asker), MONDAY)
	if swept:
		with scenario.at(DUE):
			sweep.run()
	moment = DUE + late_by
	scenario.change(issue, moment, first_responded_on=moment.replace(tzinfo=None))
	with scenario.at(MONDAY + hours(2)):
		found = verdicts(w, issue)
	assert set(found.values()) == {is_late}, found
