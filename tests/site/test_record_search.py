"""Our records in Frappe's search: by number, by title, by a part of a Chinese one; and nothing that one may not read."""

import json

import api_calls
import complaining
import factories
import frappe
import pytest
import scenario
import visiting

from ops_delivery.search_types import TYPES
from ops_delivery.setup import searching


def found(who: str, text: str, **more) -> list[tuple[str, str]]:
	answer = api_calls.get(who, "frappe.utils.global_search.search", text=text, **more)
	assert answer.status == 200, answer.text
	return [(row["doctype"], row["name"]) for row in json.loads(answer.text)["message"]]


@pytest.fixture
def listed(site):
	"""A site whose list of searched types the host's set-up has made, and to which ours were added."""
	settings = frappe.get_single("Global Search Settings")
	if not settings.allowed_in_global_search:
		settings.append("allowed_in_global_search", {"document_type": "Customer"})
		settings.save()
	frappe.db.delete("Global Search DocType", {"document_type": ["in", TYPES]})
	frappe.db.delete("DefaultValue", {"defkey": searching.KEY})
	searching.offer()
	yield
	frappe.cache.hdel("global_search", "search_priorities")


def test_ours_are_offered_once_and_taken_back(listed):
	def there():
		return frappe.get_all("Global Search DocType", {"document_type": ["in", TYPES]}, pluck="document_type")

	assert sorted(there()) == sorted(TYPES)
	frappe.db.delete("Global Search DocType", {"document_type": "Service Object"})  # an administrator does not want it
	searching.offer()
	assert "Service Object" not in there()
	searching.withdraw()
	assert not there()


def test_records_are_found_by_number_and_by_any_part_of_their_title(listed):
	visiting.templates()
	agreement = scenario.agreement(title="门诊系统运维协议")
	visit = visiting.plan("Field Service Sheet", agreement.customer, title="更换核心交换机", owner_user="Administrator")
	thing = factories.make(
		"Service Object", object_name="三楼接入交换机", customer=agreement.customer, kind="Other", importance="Important",
		serial_no="SN-77_1%2",
	)  # fmt: skip
	frappe.utils.global_search.sync_global_search()
	desk = factories.make_user(roles=["Service Desk"]).name
	for doc in (agreement, visit, thing):
		assert found(desk, doc.name)[0] == (doc.doctype, doc.name)
	assert {(visit.doctype, visit.name), (thing.doctype, thing.name)} <= set(found(desk, "交换机"))
	assert (agreement.doctype, agreement.name) in found(desk, "系统运维")
	assert (thing.doctype, thing.name) in found(desk, "77_1%2")
	assert not {row[0] for row in found(desk, "77x1")} & {*TYPES}
	assert {row[0] for row in found(desk, "交换机", doctype="Service Object")} == {"Service Object"}


@pytest.mark.clause("5.3.b", "5.4.d")
def test_nobody_finds_what_they_may_not_read(listed):
	mine, other = scenario.agreement(title="甲方运维协议"), scenario.agreement(title="乙方运维协议")
	complaint = complaining.world().complaint
	frappe.utils.global_search.sync_global_search()
	desk = factories.make_user(roles=["Service Desk"]).name
	factories.make("User Permission", user=desk, allow="Customer", for_value=mine.customer)
	names = {name for _doctype, name in found(desk, "运维协议")}
	assert mine.name in names and other.name not in names
	assert (complaint.doctype, complaint.name) not in found(desk, complaint.name)
	handler = complaining.staff("Complaint Handler")
	assert (complaint.doctype, complaint.name) in found(handler, complaint.name)
	assert (complaint.doctype, complaint.name) not in found(handler, complaint.subject)  # by its number alone
