"""The agreement templates to begin with, in English and Chinese: seeded once, then the site's own (5.2.a).

[…] is a blank that every agreement fills in for itself; the completeness check names those that are left.
"""

from __future__ import annotations

from typing import Any

from ops_delivery.setup.seed_data import MATRIX

OFFICE, ROUND_THE_CLOCK = "5×8 (lunch break)", "7×24"
PRIORITIES = ("Low", "Medium", "High", "Urgent")
HOUR = 3600
ROUTINE, RESPONSE, OPTIMIZATION, CONSULTING = (
	"Routine Operation",
	"Response Support",
	"Optimization and Improvement",
	"Consultation and Evaluation",
)

# commitment -> hours for each priority, lowest first; None: nothing promised
TARGETS = {
	"office": {
		"First Response": (4, 2, 1, 0.5),
		"On-site Arrival": (None, 16, 8, 4),
		"Restore": (40, 24, 8, 4),
		"Resolution": (80, 40, 16, 8),
	},
	"clock": {
		"First Response": (2, 1, 0.5, 0.25),
		"On-site Arrival": (None, 8, 4, 2),
		"Restore": (24, 12, 4, 2),
		"Resolution": (72, 48, 24, 8),
	},
	"desk": {
		"First Response": (2, 1, 0.5, 0.25),
		"On-site Arrival": (4, 2, 1, 0.5),
		"Resolution": (24, 16, 8, 4),
	},
}
AT_ALL_HOURS = ("High", "Urgent")  # in the round-the-clock agreement

# name in formulas, unit, value to try with
SURVEY = ("survey_score", "points", 90)
COMPLAINTS = ("complaints", "times", 0)
REPORTS_LATE = ("reports_late", "times", 0)

# unit, target is, target, weight, value, reward, penalty; the words stand with the language
METRICS = {
	"response": (
		"%",
		"At Least",
		95,
		25,
		"first_response_attainment",
		"",
		"max(0, target - value) * 0.002 * fee",
	),
	"resolution": (
		"%",
		"At Least",
		95,
		25,
		"resolution_attainment",
		"",
		"max(0, target - value) * 0.002 * fee",
	),
	"arrival": (
		"%",
		"At Least",
		95,
		15,
		"on_site_arrival_attainment",
		"",
		"max(0, target - value) * 0.001 * fee",
	),
	"satisfaction": ("points", "At Least", 90, 20, "survey_score", "0.005 * fee if value >= 95 else 0", ""),
	"complaints": ("times", "At Most", 1, 10, "complaints", "", "max(0, value - target) * 0.005 * fee"),
	"reports": ("times", "At Most", 0, 5, "reports_late", "", "value * 0.001 * fee"),
}
RESULT_FORMULA = (
	"0.01 * fee if score >= 98 else 0 if score >= 85 else -0.03 * fee if score >= 75 else -0.06 * fee"
)


def records() -> dict[str, dict[str, Any]]:
	"""Service Agreement Template records by name."""
	found = {}
	for words in (_english(), _chinese()):
		for plan in ("office", "clock", "desk"):
			template = _template(plan, words)
			found[template["template_name"]] = template
	return found


def _template(plan: str, words: dict[str, Any]) -> dict[str, Any]:
	own = words["plans"][plan]
	return {
		"template_name": own["name"],
		"description": own["description"],
		"language": words["language"],
		"enabled": 1,
		"months": 12,
		"scope": [
			dict(
				zip(
					(
						"service_content",
						"service_item",
						"frequency",
						"delivery_mode",
						"deliverables",
						"details",
					),
					row,
					strict=True,
				)
			)
			for row in own["scope"]
		],
		"calendar": OFFICE,
		"priority_matrix": MATRIX,
		"default_priority": "Medium",
		"escalation_policy": "Standard Escalation",
		"commitments_text": own["commitments"],
		"targets": [
			{
				"commitment": commitment,
				"priority": priority,
				"target": int(hours * HOUR),
				**({"calendar": ROUND_THE_CLOCK} if plan == "clock" and priority in AT_ALL_HOURS else {}),
			}
			for commitment, row in TARGETS[plan].items()
			for priority, hours in zip(PRIORITIES, row, strict=True)
			if hours
		],
		"channels": [
			dict(zip(("channel", "address", "hours", "note"), row, strict=True)) for row in words["channels"]
		],
		"allow_deemed_acceptance": 1,
		"deemed_after_days": 5,
		"deemed_notices": 2,
		"assessment_frequency": "Quarterly",
		"penalty_cap": 10,
		"metrics": [_metric(key, METRICS[key], words["metrics"][key]) for key in METRICS],
		"result_terms": words["result"],
		"result_formula": RESULT_FORMULA,
		"figures": [
			{
				"figure_name": name,
				"meaning": meaning,
				"unit": words["units"].get(unit, unit),
				"example": example,
			}
			for (name, unit, example), meaning in zip(
				(SURVEY, COMPLAINTS, REPORTS_LATE), words["figures"], strict=True
			)
		],
		"fee_basis": "Contract Income",
		"billing_frequency": "Quarterly",
		"payment_terms": words["payment"],
		"supplier_duties": words["supplier"],
		"customer_duties": words["customer"],
		"reporting_frequency": "Monthly",
		"report_content": words["report"],
		"survey_frequency": "Quarterly",
		"complaint_channel": words["complaint_channel"],
		"complaint_handling": words["complaints"],
		"security_terms": words["security"],
		"security_check_required": 1 if plan == "clock" else 0,
		"agreed_parts": [{"part": part, "detail": detail} for part, detail in words["agreed"]],
		"remind_days": "90, 30, 7",
		"auto_renew": 0,
		"renewal_months": 12,
		"renewal_notice_days": 30,
	}


def _metric(key: str, rule: tuple, words: tuple[str, str, str, str]) -> dict[str, Any]:
	unit, direction, target, weight, value, reward, penalty = rule
	name, shown_unit, reward_words, penalty_words = words
	return {
		"metric": name,
		"unit": shown_unit or unit,
		"direction": direction,
		"target": target,
		"weight": weight,
		"value_formula": value,
		"reward_formula": reward,
		"penalty_formula": penalty,
		"reward": reward_words,
		"penalty": penalty_words,
	}


def _english() -> dict[str, Any]:
	return {
		"language": "en",
		"units": {},
		"plans": {
			"office": {
				"name": "IT operations in office hours",
				"description": "Servers, networks and business systems of one organization, cared for on workdays; on-site support when needed.",
				"commitments": "We answer on workdays from 9 to 18 o'clock, and take every report on within the times in the table. What cannot be solved in time is escalated without being asked.",
				"scope": (
					(
						ROUTINE,
						"Inspection of servers, storage and network devices",
						"Monthly",
						"On Site",
						"Inspection report with findings and proposals",
						"Devices listed under Service Objects",
					),
					(
						ROUTINE,
						"Backup check and restore test",
						"Quarterly",
						"Remote",
						"Record of the restore test",
						"",
					),
					(
						RESPONSE,
						"Handling of faults, service requests and enquiries",
						"On Demand",
						"On Site and Remote",
						"Response support record; for urgent faults an incident report within 3 workdays",
						"Spare parts and licences are not included",
					),
					(
						OPTIMIZATION,
						"Capacity and performance review",
						"Half-yearly",
						"On Site and Remote",
						"Optimization plan; change and release report",
						"",
					),
					(
						CONSULTING,
						"Advice on renewal and new requirements",
						"Yearly",
						"On Site",
						"Consulting report with recommendations",
						"Up to 5 person-days a year",
					),
				),
			},
			"clock": {
				"name": "Data centre care around the clock",
				"description": "Core systems whose failure stops the business: urgent and high-priority reports are handled day and night.",
				"commitments": "Urgent and high-priority reports are handled day and night, all others on workdays. An engineer on duty answers the telephone at any hour.",
				"scope": (
					(
						ROUTINE,
						"Monitoring of systems, network and data centre environment",
						"Continuously",
						"Remote",
						"Monitoring summary in the monthly report",
						"",
					),
					(
						ROUTINE,
						"Inspection of the data centre",
						"Weekly",
						"On Site",
						"Inspection sheet signed by the customer",
						"",
					),
					(
						ROUTINE,
						"Backup check and restore test",
						"Quarterly",
						"On Site and Remote",
						"Record of the restore test",
						"",
					),
					(
						RESPONSE,
						"Handling of faults and alarms day and night",
						"On Demand",
						"On Site and Remote",
						"Response support record; incident report within 2 workdays of every urgent fault",
						"Spare parts as in the annex",
					),
					(
						OPTIMIZATION,
						"Hardening, capacity and availability improvements",
						"Quarterly",
						"On Site and Remote",
						"Optimization plan; change and release report",
						"Changes only in agreed maintenance windows",
					),
					(
						CONSULTING,
						"Emergency drill and evaluation of contingency plans",
						"Half-yearly",
						"On Site",
						"Drill record and evaluation report",
						"",
					),
				),
			},
			"desk": {
				"name": "On-site desktop support",
				"description": "Engineers on the customer's premises look after workplaces, printers and meeting rooms.",
				"commitments": "An engineer is on the premises on every workday and comes to the workplace within the times in the table.",
				"scope": (
					(
						ROUTINE,
						"Check of meeting rooms and shared printers",
						"Daily",
						"On Site",
						"Daily check list",
						"",
					),
					(
						ROUTINE,
						"Update of desktop software and virus protection",
						"Monthly",
						"On Site and Remote",
						"Update record",
						"",
					),
					(
						RESPONSE,
						"Desktop faults, accounts, moves and enquiries",
						"On Demand",
						"On Site",
						"Field service sheet signed by the user",
						"Private devices are not included",
					),
					(
						OPTIMIZATION,
						"Standard desktop image and self-help articles",
						"Half-yearly",
						"Remote",
						"New image; articles in the knowledge base",
						"",
					),
					(
						CONSULTING,
						"Advice on the renewal of workplaces",
						"Yearly",
						"On Site",
						"Proposal with quantities and budget",
						"",
					),
				),
			},
		},
		"channels": (
			("Portal", "/service-requests", "At any hour", "Reports and their progress"),
			("Phone", "[…]", "Workdays 9–18 o'clock", "For what is urgent"),
			("E-mail", "[…]", "Read on workdays", ""),
		),
		"metrics": {
			"response": (
				"First response in time",
				"",
				"",
				"0.2 % of the period's fee for each point below the target",
			),
			"resolution": (
				"Resolved in time",
				"",
				"",
				"0.2 % of the period's fee for each point below the target",
			),
			"arrival": (
				"On site in time",
				"",
				"",
				"0.1 % of the period's fee for each point below the target",
			),
			"satisfaction": ("Customer satisfaction", "", "0.5 % of the period's fee from 95 points on", ""),
			"complaints": (
				"Justified complaints",
				"",
				"",
				"0.5 % of the period's fee for each one above the target",
			),
			"reports": ("Reports delivered late", "", "", "0.1 % of the period's fee for each one"),
		},
		"figures": (
			"Mean score of the satisfaction survey, 0 to 100",
			"Complaints that both parties found justified",
			"Service reports delivered after the agreed day",
		),
		"result": "From 98 points on the period's fee rises by 1 %. From 85 points on it is paid in full, below by 3 %, below 75 points by 6 % less. Deductions together are at most 10 % of the period's fee.",
		"payment": "The fee is due in equal parts after each quarter, within 30 days of the invoice, with the result of the assessment set off.",
		"supplier": "Provides qualified people and tools, follows the customer's rules on the premises, keeps records of all work, reports as agreed, escalates in time and takes part in reviews.",
		"customer": "Names contact persons, reports what is known of a fault, gives access to places and systems in time, confirms results and answers surveys.",
		"report": "Work done, attainment of the targets, open matters and leftovers, risks and proposals.",
		"complaint_channel": "[…]",
		"complaints": "Received within 1 workday, answered in writing within 5 workdays by the delivery manager, who was not part of the matter.",
		"security": "Access by named people only, with the customer's permission, and withdrawn on leaving. Every operation on production systems is recorded. Data of the customer does not leave its systems without written consent. Tools are checked for malware before use. Both parties keep secret what they learn; this holds for 3 years after the end.",
		"agreed": (
			(
				"Levels and Escalation",
				"Priorities, target times, and when alarms are raised and to whom matters are escalated",
			),
			("Timetable", "Dates of inspections, reports and reviews of the first year"),
			("Staffing", "Named manager, engineers and deputies"),
		),
	}


def _chinese() -> dict[str, Any]:
	return {
		"language": "zh",
		"units": {"points": "分", "times": "次"},
		"plans": {
			"office": {
				"name": "信息系统运维服务（工作日 5×8）",
				"description": "面向单个单位的服务器、网络和业务系统运维，工作日服务，必要时到场。",
				"commitments": "工作日 9:00 至 18:00 受理，所有申报均在下表时限内响应；不能按时解决的，我方主动升级处理。",
				"scope": (
					(
						ROUTINE,
						"服务器、存储与网络设备巡检",
						"Monthly",
						"On Site",
						"巡检报告（含问题与建议）",
						"以服务对象清单所列设备为限",
					),
					(ROUTINE, "备份检查与恢复验证", "Quarterly", "Remote", "恢复验证记录", ""),
					(
						RESPONSE,
						"故障、服务请求与咨询的受理和处理",
						"On Demand",
						"On Site and Remote",
						"响应支持记录；紧急故障另在 3 个工作日内提交故障报告",
						"不含备件与软件许可",
					),
					(
						OPTIMIZATION,
						"容量与性能评估优化",
						"Half-yearly",
						"On Site and Remote",
						"优化改善方案、变更与发布报告",
						"",
					),
					(
						CONSULTING,
						"更新换代与新需求咨询",
						"Yearly",
						"On Site",
						"咨询评估报告及建议",
						"每年不超过 5 人天",
					),
				),
			},
			"clock": {
				"name": "数据中心全天候运维服务（7×24）",
				"description": "适用于一旦中断即影响业务的核心系统：高与紧急级别的申报昼夜处理。",
				"commitments": "高与紧急级别的申报昼夜处理，其余在工作日处理；值班工程师全天接听电话。",
				"scope": (
					(ROUTINE, "系统、网络与机房环境监控", "Continuously", "Remote", "月报中的监控汇总", ""),
					(ROUTINE, "机房巡检", "Weekly", "On Site", "经需方签字的巡检单", ""),
					(ROUTINE, "备份检查与恢复验证", "Quarterly", "On Site and Remote", "恢复验证记录", ""),
					(
						RESPONSE,
						"昼夜处理故障与告警",
						"On Demand",
						"On Site and Remote",
						"响应支持记录；每起紧急故障在 2 个工作日内提交故障报告",
						"备件按附件约定",
					),
					(
						OPTIMIZATION,
						"加固、容量与可用性改善",
						"Quarterly",
						"On Site and Remote",
						"优化改善方案、变更与发布报告",
						"变更只在约定的维护窗口内进行",
					),
					(
						CONSULTING,
						"应急演练与应急预案评估",
						"Half-yearly",
						"On Site",
						"演练记录与评估报告",
						"",
					),
				),
			},
			"desk": {
				"name": "桌面与终端驻场支持服务",
				"description": "工程师驻场，负责办公终端、打印机和会议室。",
				"commitments": "每个工作日均有工程师驻场，并在下表时限内到达工位。",
				"scope": (
					(ROUTINE, "会议室与公用打印机检查", "Daily", "On Site", "每日检查表", ""),
					(ROUTINE, "桌面软件与防病毒更新", "Monthly", "On Site and Remote", "更新记录", ""),
					(
						RESPONSE,
						"终端故障、账号、搬迁与咨询",
						"On Demand",
						"On Site",
						"经用户签字的现场服务单",
						"不含私人设备",
					),
					(
						OPTIMIZATION,
						"标准桌面镜像与自助文章",
						"Half-yearly",
						"Remote",
						"新版镜像、知识库文章",
						"",
					),
					(CONSULTING, "终端更新换代咨询", "Yearly", "On Site", "含数量与预算的建议书", ""),
				),
			},
		},
		"channels": (
			("Portal", "/service-requests", "全天", "提交请求并查看进展"),
			("Phone", "[…]", "工作日 9:00–18:00", "紧急事项请致电"),
			("E-mail", "[…]", "工作日查收", ""),
		),
		"metrics": {
			"response": ("首次响应及时率", "", "", "每低于目标 1 个百分点，扣减当期费用的 0.2%"),
			"resolution": ("按时解决率", "", "", "每低于目标 1 个百分点，扣减当期费用的 0.2%"),
			"arrival": ("到场及时率", "", "", "每低于目标 1 个百分点，扣减当期费用的 0.1%"),
			"satisfaction": ("需方满意度", "分", "达到 95 分起奖励当期费用的 0.5%", ""),
			"complaints": ("有效投诉", "次", "", "每超出目标 1 次，扣减当期费用的 0.5%"),
			"reports": ("报告逾期", "次", "", "每逾期 1 次，扣减当期费用的 0.1%"),
		},
		"figures": (
			"满意度调查平均分（0 至 100）",
			"双方认定的有效投诉次数",
			"晚于约定日期提交的服务报告份数",
		),
		"result": "总分达到 98 分，当期费用上浮 1%；达到 85 分，全额支付；低于 85 分，减付 3%；低于 75 分，减付 6%。各项扣减合计不超过当期费用的 10%。",
		"payment": "服务费按季平均支付，每季结束后结合考核结果开具发票，需方在收到发票后 30 日内支付。",
		"supplier": "安排合格人员与工具；遵守需方现场管理规定；记录全部工作；按约定报告；及时升级；参加评审与回顾。",
		"customer": "指定联系人；提供已知的故障情形；及时提供场地与系统的访问条件；确认处理结果；参与满意度调查。",
		"report": "完成的工作、目标达成率、未结事项与余留问题、风险与建议。",
		"complaint_channel": "[…]",
		"complaints": "1 个工作日内受理，5 个工作日内由未参与该事项的交付经理书面答复。",
		"security": "仅限指定人员经需方许可访问，离岗即收回权限；对生产系统的每项操作均留有记录；未经书面同意，需方数据不得离开其系统；工具使用前须查杀恶意代码；双方对所知悉的信息保密，保密义务在协议终止后持续 3 年。",
		"agreed": (
			("Levels and Escalation", "级别划分、时限，以及何种情形报警、升级到何人"),
			("Timetable", "首年的巡检、报告与回顾日程"),
			("Staffing", "项目经理、工程师及其替补的名单"),
		),
	}
