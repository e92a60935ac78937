"""The demo's two optimization plans as data: days count from the day a plan was drafted. All of it is invented."""

from __future__ import annotations

from typing import Any

GAO, EMILY, ZHAO, SUN = (
	"gao.yan@ops.example",
	"emily.carter@ops.example",
	"zhao.lei@ops.example",
	"sun.tao@ops.example",
)
PASSED = {"rehearsal_result": "Passed"}

HOSPITAL: dict[str, Any] = {
	"customer": 0,
	"object": "his",
	"author": GAO,
	"drafted": 34,  # days before the end of the story
	"work": (11, 22),
	"ends": None,
	"readings": (
		(23, {"高峰期连接数": 342, "挂号提交时间": 2.1, "会话超时次数": 9}),
		(26, {"高峰期连接数": 251, "挂号提交时间": 0.9, "会话超时次数": 3}),
		(29, {"高峰期连接数": 238, "挂号提交时间": 0.8, "会话超时次数": 2}),
		(32, {"高峰期连接数": 244, "挂号提交时间": 0.8, "会话超时次数": 2}),
	),
	"plan": {
		"title": "HIS 连接池与会话治理",
		"goals": "<p>门诊高峰时段挂号、收费不再因数据库连接耗尽而卡顿，高峰期连接数留有三成余量。</p>",
		"content": "<p>统一 HIS 各应用的连接池参数；清理长时间空闲会话；为挂号、收费两张热点表补建索引。不改动业务流程与界面。</p>",
		"background": "<p>半年内连接数告警多次出现，均在周一上午门诊高峰；临时重启后恢复，根因未消除。</p>",
		"metrics": (
			("高峰期连接数", "个", 395, "At Most", 280, "每日 8:00–11:00 数据库监控最大值"),
			("挂号提交时间", "秒", 3.4, "At Most", 1.2, "抽样 50 次取 95 分位"),
			("会话超时次数", "次/日", 26, "At Most", 5, "应用日志统计"),
		),
		"budget": 38000,
		"currency": "CNY",
		"budget_note": "专家 12 人日、压测环境租用",
		"suggestions": (
			("参数调整请避开周一上午，夜间进行", "王丽", "Taken Up", "安排在周三、周六 22:00 之后"),
		),
	},
	"steps": (
		("压测环境复现并确定参数", GAO, 11, 14, "以上月最高峰流量回放"),
		("热点表补建索引", GAO, 15, 16, "在线建索引，22:00 后执行"),
		("应用连接池参数上线", ZHAO, 18, 19, "按应用逐个滚动，每个观察 30 分钟"),
		("空闲会话清理任务上线", SUN, 20, 21, ""),
	),
	"people": (
		("负责人、数据库专家", "Supplier", GAO, "", "方案、压测、上线指挥"),
		("现场实施", "Supplier", ZHAO, "", "参数上线与巡视"),
		("业务验证", "Customer", "", "刘洋", "挂号、收费业务回归"),
	),
	"risks": (
		("索引创建期间锁表影响急诊挂号", "Low", "High", "在线方式创建，先在备库演练；超过 5 分钟即终止", GAO),
		("连接池过小导致排队", "Medium", "Medium", "按压测结果留三成余量，监控排队数并可在线调大", ZHAO),
	),
	"rollback_trigger": "上线后 15 分钟内挂号或收费失败率超过 1%，由现场负责人决定，王丽科长知会。",
	"rollback_steps": (
		("恢复原连接池参数并逐个重启应用", ZHAO, 20),
		("停用会话清理任务，删除新建索引", GAO, 10),
	),
	"trial": (21, 2, 3),
	"opinions": (
		"目标可衡量，范围清楚，同意。",
		"同意方案，请在夜间实施。",
		"回退步骤已演练，同意实施。",
		"同意实施，刘洋配合验证。",
	),
	"minutes": "评审会：信息科会议室，对照上半年告警记录逐条核对指标口径。",
	"changes": (
		("挂号、收费热点表新增 3 个索引", "System Change", "CHG-0311", 15, GAO, "Successful", 0, ""),
		(
			"连接池参数首次上线：排队数偏高，退回原参数",
			"System Change",
			"CHG-0316",
			18,
			ZHAO,
			"Failed",
			1,
			"上限由 20 调为 32 后重新上线",
		),
		("连接池参数 v2 上线", "Release", "pool-2026.2", 19, ZHAO, "Successful", 0, ""),
		("空闲会话清理任务上线", "Release", "session-gc 1.0", 21, SUN, "Successful", 0, ""),
	),
	"leftovers": (("PACS 接口仍使用独立连接池", "下季度随接口升级并入统一参数", GAO, 45),),
}

WAREHOUSE: dict[str, Any] = {
	"customer": 2,
	"object": "air",
	"author": EMILY,
	"drafted": 80,
	"work": (12, 24),
	"ends": 48,
	"readings": (
		(27, {"Dropped sessions": 4, "Roaming time": 110, "Scan success": 99.6}),
		(31, {"Dropped sessions": 3, "Roaming time": 96, "Scan success": 99.7}),
		(35, {"Dropped sessions": 2, "Roaming time": 92, "Scan success": 99.8}),
		(37, {"Dropped sessions": 2, "Roaming time": 95, "Scan success": 99.8}),
	),
	"plan": {
		"title": "Warehouse Wi-Fi without dropped scans",
		"goals": "<p>Pickers scan without interruption in all twelve aisles; no scan has to be repeated.</p>",
		"content": "<p>New channel plan, four more access points in the high racks, fast roaming for the scanners. The WMS itself is not changed.</p>",
		"background": "<p>Since the racks were raised, scanners lose their session between aisles 4 and 9.</p>",
		"metrics": (
			("Dropped sessions", "per day", 61, "At Most", 5, "Controller log, working days"),
			("Roaming time", "ms", 640, "At Most", 150, "95th percentile of 200 hand-overs"),
			("Scan success", "%", 97.2, "At Least", 99.5, "WMS scan log"),
		),
		"budget": 64000,
		"currency": "CNY",
		"budget_note": "Four access points, cabling, nine days of work",
		"suggestions": (
			("Leave aisle 1 as it is until the stocktaking", "Anna Novak", "Taken Up", "Aisle 1 goes last"),
			("Use the old antennas again", "Tom Reid", "Not Taken Up", "They do not support fast roaming"),
		),
	},
	"steps": (
		("Survey the aisles", EMILY, 12, 13, "Heat map at 2 m and 6 m"),
		("Mount the access points", SUN, 15, 18, "At night, aisle by aisle"),
		("Release the channel plan and fast roaming", EMILY, 20, 21, ""),
		("Update the scanners", SUN, 22, 23, "Ten at a time"),
	),
	"people": (
		("Lead", "Supplier", EMILY, "", "Survey, channel plan, decisions"),
		("Mounting and scanners", "Supplier", SUN, "", ""),
		("Acceptance on the floor", "Customer", "", "Tom Reid", "One shift per aisle"),
	),
	"risks": (
		(
			"Lift not available at night",
			"Medium",
			"Low",
			"Book it a week ahead; a spare night is planned",
			SUN,
		),
		(
			"New firmware drains the scanners' batteries",
			"Low",
			"High",
			"Ten scanners first, three days before the rest",
			EMILY,
		),
	),
	"rollback_trigger": "More than 20 dropped sessions in one shift; the lead decides with the shift manager.",
	"rollback_steps": (
		("Restore the old controller configuration", EMILY, 15),
		("Put the old firmware back on the scanners", SUN, 120),
	),
	"trial": (14, 2, 3),
	"opinions": (
		"Figures are measurable and the scope is clear.",
		"Agreed. Please keep aisle 1 for last.",
		"Roll-back is realistic; go ahead.",
		"Agreed, nights from Tuesday on.",
	),
	"minutes": "Call with Anna Novak and Tom Reid; the heat map was shown and the order of the aisles agreed.",
	"changes": (
		("Four access points in aisles 4 to 9", "System Change", "CHG-0208", 17, SUN, "Successful", 0, ""),
		("Channel plan and fast roaming", "Release", "wlan-2.4", 20, EMILY, "Successful", 0, ""),
		(
			"Scanner firmware 8.2, first ten",
			"Release",
			"8.2",
			22,
			SUN,
			"With Problems",
			1,
			"Battery drain; taken back the same night",
		),
		("Scanner firmware 8.2.1, all scanners", "Release", "8.2.1", 23, SUN, "Successful", 0, ""),
	),
	"leftovers": (("Two scanners too old for fast roaming", "Replace them with the next order", SUN, 75),),
	"ending": {
		"went_well": "No shift lost a minute; the pilot of ten scanners caught the battery problem.",
		"went_badly": "The lift was double-booked on the second night.",
		"lessons": "Book equipment in writing, and always pilot firmware on a few devices.",
		"goals_result": "Reached: dropped sessions from 61 to 2 a day, roaming below 100 ms, scan success at 99.8 %.",
		"retrospective_people": "Emily Carter, Sun Tao, Anna Novak, Tom Reid",
		"actual_cost": 61800,
	},
	"functions": (
		("Roaming between aisles", "Session lost at every second change", "Seamless, 802.11r"),
		("Alarm on weak coverage", "None", "The controller reports a weak aisle within five minutes"),
	),
}
