"""What the demo's consulting is about: goals, steps, findings, what was recommended and decided."""

from __future__ import annotations

from ops_delivery.setup.demo_desk import data

CUSTOMER = data.CUSTOMERS[0]
AUTHOR, OWNER, VERIFIER = "gao.yan@ops.example", "zhao.lei@ops.example", data.MANAGER
DECIDES = CUSTOMER["people"][0]
TITLE = "医院备份与恢复能力评估"
PLAN = {
	"goals": [
		{"goal": "查明夜间备份屡次失败的根源", "measure": "每类失败都有原因与证据"},
		{"goal": "确认核心系统能在院方要求的时间内恢复", "measure": "HIS 实测恢复时间与 4 小时要求的差距"},
	],
	"people": [
		{
			"party": "Supplier",
			"person_name": "高岩",
			"user": AUTHOR,
			"duty": "首席顾问",
			"competence": "存储与备份专家",
			"days": 12,
		},
		{
			"party": "Supplier",
			"person_name": "周敏",
			"user": data.MANAGER,
			"duty": "质量负责人",
			"competence": "项目管理",
			"days": 2,
		},
		{
			"party": "Customer",
			"person_name": "王丽",
			"duty": "需方负责人",
			"competence": "信息科科长",
			"days": 3,
		},
		{
			"party": "Customer",
			"person_name": "刘洋",
			"duty": "配合实测",
			"competence": "系统工程师",
			"days": 5,
		},
	],
	"currency": "CNY",
	"costs": [
		{"item": "首席顾问", "quantity": 12, "unit": "人日", "rate": 2400},
		{"item": "质量审核", "quantity": 2, "unit": "人日", "rate": 2000},
		{"item": "隔离恢复环境租用", "quantity": 1, "unit": "次", "rate": 6000},
	],
	"budget_note": "按年度服务协议咨询额度支付，报告发布后结算",
	"communication": [
		{
			"audience": "信息科",
			"subject": "进展、风险、需要的配合",
			"channel": "Meeting",
			"frequency": "每周一次",
			"responsible": AUTHOR,
		},
		{
			"audience": "分管院长",
			"subject": "阶段结论",
			"channel": "Report",
			"frequency": "实测后、报告前各一次",
			"responsible": data.MANAGER,
		},
	],
	"requirements": [
		{
			"requirement": "实测不得影响白天门诊",
			"raised_by": "王丽",
			"answer": "全部在隔离环境、夜间窗口进行",
		},
		{
			"requirement": "建议须给出投入与先后次序",
			"raised_by": "王丽",
			"answer": "报告含规划建议，按期限列出",
		},
	],
	"customer_assistance": "提供备份系统只读账号、历史演练记录；安排三个科室各一次访谈；召集报告评审会。",
	"reviews": [
		{
			"subject": "Plan",
			"party": "Supplier",
			"participants": "周敏、张宁",
			"method": "In Writing",
			"organizer": "周敏",
		},
		{
			"subject": "Report",
			"party": "Supplier",
			"participants": "周敏、张宁",
			"method": "Meeting",
			"organizer": "周敏",
		},
		{
			"subject": "Report",
			"party": "Customer",
			"participants": "王丽、刘洋、各科室代表",
			"method": "Meeting",
			"organizer": "王丽",
		},
	],
	"security": [
		{"aspect": "People", "requirement": "持工牌进出机房，双人在场", "measure": "信息科刘洋全程陪同"},
		{
			"aspect": "Operations",
			"requirement": "不在生产环境执行恢复",
			"measure": "仅用只读账号，恢复在隔离网段",
		},
		{"aspect": "Data", "requirement": "患者数据不得带离院区", "measure": "实测数据测后清除并留清除记录"},
		{"aspect": "Tools", "requirement": "工具须经院方登记", "measure": "备份校验脚本已送信息科登记"},
	],
}
FINDINGS = [
	{
		"area": "备份",
		"finding": "夜间全量备份与批处理争用存储，窗口不足",
		"evidence": "近 90 日备份日志，失败 11 次",
		"score": 87.8,
		"unit": "%",
		"reference": "目标 99 %",
		"severity": "High",
	},
	{
		"area": "恢复",
		"finding": "HIS 恢复时间超出院方要求",
		"evidence": "恢复实测记录 2 次",
		"score": 6.5,
		"unit": "小时",
		"reference": "要求 4 小时",
		"severity": "Critical",
	},
	{
		"area": "介质",
		"finding": "备份只有一处副本，与生产同机房",
		"evidence": "现场查看，备份策略第 3 版",
		"score": 1,
		"unit": "份",
		"reference": "要求 2 份",
		"severity": "High",
	},
	{
		"area": "演练",
		"finding": "近一年没有恢复演练",
		"evidence": "演练记录为空",
		"score": 0,
		"unit": "次/年",
		"reference": "要求 2 次/年",
		"severity": "Medium",
	},
]
# title, reason, priority, then what became of it: decision, its day before the end, due (days from the end), what followed
RECOMMENDED = (
	(
		"每季度做一次 HIS 恢复演练",
		"演练记录为空；真要恢复时没有把握",
		"High",
		("Adopted", 30, -12, "verified"),
	),
	("错开批处理与全量备份的时间", "争用存储使备份失败", "Urgent", ("Adopted", 30, -4, "done")),
	("建立异地备份副本", "生产与备份同处一个机房", "High", ("Adopted", 29, 45, "optimization")),
	("为 PACS 购置磁带库", "影像保留期 15 年，磁盘成本高", "Medium", ("Deferred", 29, 20, None)),
	("备份告警接入服务台", "失败往往次日才被发现", "Medium", ("Adopted in Part", 28, -6, "late")),
	("更换备份软件", "现有软件不支持增量合成", "Low", ("Declined", 28, None, None)),
	("制定备份管理办法", "职责与保留期没有成文", "Medium", None),
)
NOTES = {
	"Adopted in Part": "先接入 HIS 与收费系统的备份告警，其余明年再议",
	"Deferred": "待下一年度预算",
	"Declined": "现有软件合同尚有两年，已与厂商约定升级",
}
