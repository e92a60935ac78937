"""A real Alertmanager opens a request, says the same again and again, and tells when it is over (6.2.b.5, 5.3.b)."""

from datetime import datetime, timedelta, timezone

import alert_manager
import frappe
import monitoring_scene as scene
import pytest

pytestmark = [
	pytest.mark.committed,
	pytest.mark.skipif(not alert_manager.is_there(), reason=alert_manager.ABSENT),
]


@pytest.mark.clause("6.2.b.5", "5.3.b")
def test_what_alertmanager_says_becomes_one_request_until_it_is_resolved(site, cleanup):
	w = scene.world()
	cleanup(scene.delete_all, w)
	frappe.db.commit()
	began = datetime.now(timezone.utc) - timedelta(minutes=1)
	hot = {
		"labels": {"alertname": "Hot <b>room</b>", "instance": f"{w.names[0]}:9100", "severity": "critical"},
		"annotations": {"summary": "The room is above 40 °C <script>alert(1)</script>", "description": "机房过热"},
		"startsAt": began.isoformat(),
		"generatorURL": "http://prometheus.example/graph",
	}
	with alert_manager.served(site) as address, alert_manager.running(f"{address}/api/method/{scene.API}.alerts", w.token) as manager:
		alert_manager.tell(manager, hot)
		row = alert_manager.wait_until(lambda: frappe.db.get_value(scene.ALERT, {"source": w.source.name}, ["issue", "times"], as_dict=True))
		issue = frappe.get_doc("Issue", row.issue)
		assert (issue.customer, issue.ops_object, issue.status, issue.ops_channel) == (w.customer, w.things[0], "Open", "Monitoring")
		assert "机房过热" in issue.description and "<script" not in issue.description
		again = {"source": w.source.name, "times": [">", 1]}
		alert_manager.wait_until(lambda: frappe.db.exists(scene.ALERT, again))
		assert frappe.db.count("Issue", {"customer": w.customer}) == 1
		alert_manager.tell(manager, {**hot, "endsAt": datetime.now(timezone.utc).isoformat()})
		alert_manager.wait_until(lambda: frappe.db.exists(scene.ALERT, {"source": w.source.name, "state": "Resolved"}))
	said = frappe.get_all("Comment", {"reference_name": issue.name, "comment_type": "Info"}, pluck="content")
	assert any("resolved on" in text for text in said), said
	assert frappe.db.get_value("Issue", issue.name, "status") == "Open", "the rule of the source leaves it to a person"


def test_a_token_that_is_wrong_makes_nothing(site, cleanup):
	w = scene.world()
	cleanup(scene.delete_all, w)
	frappe.db.commit()
	with alert_manager.served(site) as address, alert_manager.running(f"{address}/api/method/{scene.API}.alerts", f"{w.token}x") as manager:
		alert_manager.tell(manager, {"labels": {"alertname": "Hot", "instance": w.names[0]}})
		alert_manager.wait_until(lambda: frappe.db.get_value(scene.SOURCE, w.source.name, "last_refusal"))
	assert not frappe.db.count("Issue", {"customer": w.customer})
