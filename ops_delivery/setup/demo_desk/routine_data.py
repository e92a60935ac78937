"""What the demo's routine operation says: two manuals, their schedules, and what a year of rounds found. All of it is invented."""

from __future__ import annotations

AGREEMENT = "机房基础设施例行运维（年度）"
WEEKS = 52
THINGS = ("his", "charge", "pacs")
KEEPER = "gao.yan@ops.example"

ROUND = {
	"title": "机房设备巡检指引",
	"kind": "Inspection Round",
	"fits": "机房内的服务器、存储和 UPS",
	"purpose": "在设备失效之前发现过热、告警和电池老化。",
	"scope": "门诊楼 B1、门诊楼 1 层和医技楼机房",
	"recording": "逐项登记读数、时间和人员；读不到的写明原因。",
	"allow_all_normal": 1,
	"abnormal_roles": "巡检工程师报告服务台；技术专家判断；服务交付经理决定停机。",
	"abnormal_method": "先降低负载或切换备用设备，再查明原因；不得在业务高峰断电。",
	"abnormal_flow": "工程师 15 分钟内报服务台 → 专家 1 小时内判断 → 经理决定 → 工程师处置并复测。",
	"abnormal_end": "读数恢复正常并保持一周，由专家确认后结束。",
	"when_at_risk": "Propose Optimization",
	"report_template": "<p>一、巡检对象与时间；二、各项读数；三、发现的异常与处置；四、趋势与隐患建议。</p>",
	"steps": (
		{
			"task": "环境",
			"step": "读取机柜进风温度",
			"explanation": "机柜正面中部，门关闭 10 分钟后读数",
			"criterion": "Number",
			"unit": "℃",
			"alarm_low": "10",
			"warning_low": "16",
			"warning_high": "27",
			"alarm_high": "32",
			"required": 1,
		},
		{
			"step": "读取相对湿度",
			"criterion": "Number",
			"unit": "%",
			"alarm_low": "20",
			"warning_low": "30",
			"warning_high": "65",
			"alarm_high": "75",
			"required": 1,
		},
		{
			"task": "设备",
			"step": "查看设备指示灯",
			"explanation": "前后面板都看",
			"criterion": "Choice",
			"normal_choices": "绿色",
			"risk_choices": "黄色",
			"abnormal_choices": "红色\n熄灭",
			"required": 1,
		},
		{
			"step": "测量 UPS 电池内阻",
			"explanation": "取各电池中的最大值",
			"criterion": "Number",
			"unit": "mΩ",
			"warning_high": "8",
			"alarm_high": "10",
			"required": 1,
		},
		{"step": "机柜门是否关好？", "criterion": "Yes or No", "normal_answer": "Yes", "required": 1},
	),
	"requirements": (
		{"area": "Tools", "requirement": "只使用校验有效期内的测温仪和内阻仪"},
		{"area": "Data", "requirement": "拍照不得摄入患者信息；读数不经私人手机外传"},
	),
}
BACKUP = {
	"title": "HIS 备份与恢复检查指引",
	"kind": "Data Backup",
	"fits": "HIS 数据库集群",
	"purpose": "确认每月全备可用，并实际演练恢复。",
	"scope": "HIS 数据库的全备、归档日志和异地副本",
	"recording": "登记备份大小、恢复用时和校验结果。",
	"abnormal_roles": "工程师报告技术专家；经理通知信息科。",
	"abnormal_method": "立即补做全备，查明失败原因。",
	"abnormal_flow": "工程师 → 专家 → 经理 → 信息科，当日内。",
	"abnormal_end": "补做的全备校验通过并完成一次恢复演练。",
	"report_template": "<p>备份结果、恢复演练用时、问题与建议。</p>",
	"steps": (
		{"task": "全备", "step": "全备是否完成并校验通过？", "explanation": "看备份软件的任务报告", "criterion": "Yes or No", "normal_answer": "Yes", "required": 1},
		{"task": "恢复", "step": "恢复演练用时", "explanation": "恢复到测试库，从开始到可登录", "criterion": "Number", "unit": "min", "warning_high": "90", "alarm_high": "120", "required": 1},
	),
	"requirements": (
		{"area": "Operation", "requirement": "恢复演练由两人共同操作", "second_person": 1},
		{"area": "Data", "requirement": "测试库的数据演练后当日清除"},
	),
}
# what is promised, with one that is nearly used
AMOUNTS = (
	{"title": "机房巡检", "counts": "Routine Tasks", "routine_kind": "Inspection Round", "quantity": 54, "unit": "次", "per": "Whole Term", "warn_at": 80},
	{"title": "备份与恢复检查", "counts": "Routine Tasks", "routine_kind": "Data Backup", "quantity": 1, "unit": "次", "per": "Month", "carry_periods": 1},
	{"title": "现场支持", "counts": "Visits on Site", "quantity": 8, "unit": "次", "per": "Quarter", "beyond": "Ask First"},
)
PROMISED = (
	{
		"title": "季度运行状况报告",
		"deliverable_type": "Running-State Record",
		"due_when": "Every Quarter",
		"days": 10,
		"lead_days": 14,
		"audience": "Customer",
		"wanted_format": "CSV",
		"content": "各对象的巡检次数、读数结论与隐患处置",
		"specification": "每个对象每次巡检一行，UTF-8 编码",
	},
)
HANDLED = {"his": ("更换电源模块并复测一周", "指示灯恢复绿色，备件已补库")}
SCHEDULES = {
	"round": {
		"title": "机房每周巡检",
		"kind": "Inspection Round",
		"goal": "提前发现过热、告警和电池老化，不让机房设备影响门诊",
		"content": "环境、指示灯、UPS 电池、机柜门",
		"scope": "三处机房的核心设备",
		"repeats": "Weekly",
		"thursday": 1,
		"assign_to": "Rotation",
		"lead_days": 7,
		"days_to_do": 1,
		"closed_days": "Moves After",
		"calendar": "5×8 (lunch break)",
		"assistance": [
			{"what": "Access Window", "details": "18:00–20:00 开放三处机房，安排值班人员陪同", "days_before": 2},
		],
	},
	"backup": {
		"title": "HIS 每月备份与恢复检查",
		"kind": "Data Backup",
		"goal": "任何一天的数据都能恢复",
		"content": "全备结果与恢复演练",
		"scope": "HIS 数据库集群",
		"repeats": "Last Working Day of a Month",
		"calendar": "5×8 (lunch break)",
		"assign_to": "Rotation",
		"lead_days": 7,
		"days_to_do": 2,
		"assistance": [{"what": "Access Rights", "details": "开通测试库的临时管理权限，当日收回", "days_before": 1}],
	},
}
MISSED_WEEK = 31
# what a week found beside the usual: (week counted back from the end, object) -> {step number: value, "note": …}
FOUND = {
	(20, "charge"): {0: "28.6", "note": "空调滤网堵塞，已请院方后勤清洗"},
	(9, "his"): {2: "红色", "note": "存储控制器 A 电源告警，已报服务台"},
	(8, "his"): {2: "绿色", "note": "更换电源模块后恢复"},
}
NEWEST_UNANSWERED = 1  # so many of the tasks ahead still wait for the customer
# what a machine watches beside the rounds
METRICS = ("room_temperature", "room_humidity")
WATCHED = {
	**{name: ROUND[name] for name in ("fits", "purpose", "scope", "recording", "abnormal_roles", "abnormal_method", "abnormal_flow", "abnormal_end", "report_template")},
	"title": "机房环境监测指引",
	"kind": "State Monitoring",
	"steps": ({**ROUND["steps"][0], "step": "监测机柜进风温度"}, {**ROUND["steps"][1], "step": "监测相对湿度"}),
	"requirements": (),
}
SOURCE = {
	"title": "动环监控",
	"metrics": [{"metric": "room_temperature", "step": "监测机柜进风温度"}, {"metric": "room_humidity", "step": "监测相对湿度"}],
	"issue_type": "Server and Storage",
	"urgency": "Urgent",
	"take_as_valid": 1,
	"on_resolved": "Note It",
	"severities": [{"severity": "critical", "urgency": "Very Urgent"}],
}
CAUSE = "空调压缩机保护停机，远程复位后温度恢复；已约厂家检查。"
ALERT = {
	"title": "机柜进风温度过高",
	"text": "进风温度 29 ℃，高于 27 ℃，已持续 10 分钟。",
	"severity": "critical",
	"labels": {"rule": "room_temperature > 27", "room": "门诊楼 B1"},
}
