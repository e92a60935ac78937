"""How things stand when the curtain falls: requests in every state, people who took note, what follows next."""

from __future__ import annotations

from datetime import timedelta

import frappe

from ops_delivery.services import leftovers
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.escalation import firing as escalation
from ops_delivery.setup.demo_desk import cast, data
from ops_delivery.setup.demo_desk.life import Life
from ops_delivery.setup.demo_desk.pace import Plot

# customer, words in the subject of the scene, and the steps with the minutes before the end at which each is taken
NOW = (
	(0, "门诊收费系统卡顿", (("report", 6),)),
	(0, "夜间备份任务失败", (("report", 55),)),
	(0, "HIS 数据库连接数告警", (("report", 440), ("triage", 434), ("answer", 430))),
	(
		0,
		"移动护理终端断线",
		(
			("report", 330),
			("triage", 320),
			("answer", 318),
			("call_on_site", 300),
			("depart", 280),
			("arrive", 215),
		),
	),
	(0, "PACS 影像调阅缓慢", (("report", 1500), ("triage", 1488), ("answer", 1480), ("pause", 1300))),
	(
		0,
		"检验报告回传延迟",
		(("report", 200), ("triage", 192), ("answer", 190), ("restore", 60), ("resolve", 35)),
	),
	(
		0,
		"UPS 旁路告警",
		(("report", 620), ("triage", 610), ("answer", 605), ("call_on_site", 600), ("depart", 570)),
	),
	(0, "新入职医生账号开通", (("report", 900), ("triage", 700), ("answer", 690), ("resolve", 400))),
	(1, "MES 报工失败", (("report", 2900), ("triage", 2880), ("answer", 2875))),
	(
		1,
		"ERP 采购审批报错",
		(("report", 3200), ("triage", 3100), ("answer", 3090), ("resolve", 1700), ("reject", 190)),
	),
	(1, "咨询：升级 Office", (("report", 1600), ("triage", 1500), ("answer", 1490))),
	(1, "VPN 无法拨入", (("report", 70),)),
	(
		2,
		"WMS does not confirm picks",
		(("report", 1650), ("triage", 1630), ("answer", 1620), ("restore", 1500)),
	),
	(2, "Carrier interface rejects", (("report", 3000), ("triage", 2980), ("answer", 2970), ("pause", 1700))),
	(2, "Slow stock enquiry", (("report", 4400), ("triage", 4350), ("answer", 4340), ("resolve", 1600))),
)
LOOKS_IN_HOURS = 3  # how often the manager goes through what was raised
NOT_SEEN_YET = timedelta(hours=5)


def schedule(stage, company: cast.Company) -> None:
	"""Put on the agenda what shows every state at the end, and what managers do on the way."""
	for number, words, steps in NOW:
		customer = data.CUSTOMERS[number]
		scene = next(s for s in customer["scenes"] if words in s["subject"])
		first = stage.end - timedelta(minutes=steps[0][1])
		life = Life(stage, company, Plot(customer, scene, first), scripted=True)
		for step, minutes in steps[1:]:
			stage.at(stage.end - timedelta(minutes=minutes), getattr(life, step))
	look = stage.start
	while look < stage.end - NOT_SEEN_YET:
		look += timedelta(hours=LOOKS_IN_HOURS)
		stage.at(look, lambda: _take_note(stage))
	stage.at(stage.start, agreements.refresh_statuses)
	stage.at(stage.end - timedelta(days=3), lambda: cast.new_version(stage, company))
	stage.at(stage.end - timedelta(days=1, hours=3), lambda: _follow_up(stage))


def _take_note(stage) -> None:
	"""The manager acknowledges what was raised, with a word on what is being done."""
	raised = frappe.get_all("Escalation Log", filters={"acknowledged": 0}, pluck="name", order_by="fired_on")
	if raised:
		with stage.as_user(data.MANAGER):
			escalation.acknowledge(
				raised, stage.chance.choice(("已联系工程师跟进", "已增派人员", "Taken up with the engineer"))
			)


def _follow_up(stage) -> None:
	"""Half of what customers had left over is solved; what keeps coming back goes to other services (6.3.i)."""
	open_ones = frappe.get_all(
		"Service Leftover", filters={"state": "Open"}, pluck="name", order_by="creation"
	)
	for name in open_ones[::2]:
		leftover = frappe.get_doc("Service Leftover", name)
		with stage.as_user(data.MANAGER):
			leftover.update({"treatment": "巡检时复查"}).save()
			leftovers.set_state(name, "Solved", "运行正常，已向需方说明")
	for words, content, subject, facts in (
		(
			"HIS 数据库连接数",
			"Optimization and Improvement",
			"HIS 连接池与会话治理",
			"半年内多次连接数告警，建议做专项优化。",
		),
		(
			"交换机端口闪断",
			"Routine Operation",
			"车间线缆与端口季度巡检",
			"端口氧化反复出现，建议纳入例行巡检。",
		),
	):
		issue = frappe.get_all(
			"Issue",
			filters={"subject": ["like", f"%{words}%"], "status": "Closed"},
			fields=["name", "customer", "ops_object"],
			order_by="creation desc",
			limit=1,
		)
		if issue:
			with stage.as_user(data.MANAGER):
				frappe.get_doc(
					{
						"doctype": "Service Handover",
						"subject": subject,
						"service_content": content,
						"owner_user": data.MANAGER,
						"due_date": frappe.utils.add_days(frappe.utils.nowdate(), 14),
						"customer": issue[0].customer,
						"service_object": issue[0].ops_object,
						"source_doctype": "Issue",
						"source_name": issue[0].name,
						"facts": facts,
					}
				).insert()
