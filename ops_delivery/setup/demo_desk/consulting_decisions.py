"""What the demo's customer decides on what was recommended to them, and what comes of it (6.5)."""

from __future__ import annotations

from datetime import timedelta

from frappe.utils import add_days

from ops_delivery.services.consulting import recommendations
from ops_delivery.services.handover import steps as handover
from ops_delivery.services.shared import site_time
from ops_delivery.setup.demo_desk import data
from ops_delivery.setup.demo_desk.consulting_data import (
	AUTHOR,
	DECIDES,
	NOTES,
	OWNER,
	RECOMMENDED,
	VERIFIER,
)


def go_back(stage, days: int) -> None:
	stage.move_to(stage.end - timedelta(days=days))


def play_decisions(stage, report) -> None:
	"""The customer decides; some are carried out and verified, one is late, one goes to an optimization plan."""
	made = {row.title: row.name for row in recommendations.of_report(report.name)}
	for title, _reason, _priority, became in RECOMMENDED:
		if not became:
			continue
		decision, days, due, course = became
		go_back(stage, days)
		due_date = add_days(site_time.to_site(stage.end).date(), due) if due is not None else None
		with stage.as_user(data.MANAGER):
			recommendations.decide(
				made[title],
				decision,
				DECIDES["name"],
				note=NOTES.get(decision, ""),
				owner_user=OWNER if due is not None else None,
				due_date=due_date,
			)
		if course:
			_carry_out(stage, made[title], course)


def _carry_out(stage, name: str, course: str) -> None:
	if course == "optimization":
		go_back(stage, 20)
		with stage.as_user(AUTHOR):
			handover.open_next(
				"Consulting Recommendation",
				name,
				"Optimization and Improvement",
				"HIS 异地备份副本建设",
				"Optimization Plan",
				owner=AUTHOR,
				note="需方已采纳，请编制优化方案。",
			)
		return
	go_back(stage, 22)
	with stage.as_user(OWNER):
		recommendations.follow_up(name, "已与信息科商定做法，着手准备", 30, "In Progress")
	if course == "late":
		return
	go_back(stage, 14)
	with stage.as_user(OWNER):
		recommendations.follow_up(name, "已按商定做法完成，记录见附件", 100, "Done")
	if course == "verified":
		go_back(stage, 10)
		with stage.as_user(VERIFIER):
			recommendations.verify(name, "抽查演练记录：3.6 小时恢复，数据校验一致")
