"""The demo's visits and sessions as data: who goes where, and how far each has come. All of it is invented."""

from __future__ import annotations

from typing import Any

from ops_delivery.setup.demo_desk import data

ZHAO, SUN = data.FIELD
GAO, EMILY = "gao.yan@ops.example", "emily.carter@ops.example"
NETWORK, STORAGE, DATABASE, ROOM = "网络与交换", "服务器与存储", "数据库", "机房作业证"
SKILLS = {
	NETWORK: "交换机、无线、防火墙的更换与配置",
	STORAGE: "服务器硬件、存储阵列、虚拟化",
	DATABASE: "Oracle 与 MySQL 的维护",
	ROOM: "进入需方机房作业的安全培训证书，每年复训",
}

# user: (skills: name, level, certificate, days from today to its last day), absences: (first workday, last, reason)
PROFILES: dict[str, dict[str, Any]] = {
	ZHAO: {
		"travel_minutes": 35,
		"skills": ((NETWORK, "Skilled", "HCIP 数据通信", 410), (ROOM, "Basic", "JF-2026-117", 140)),
		"absences": (),
	},
	SUN: {
		"travel_minutes": 40,
		"skills": (
			(NETWORK, "Skilled", "", None),
			(STORAGE, "Basic", "", None),
			(ROOM, "Basic", "JF-2026-118", 140),
		),
		"absences": ((3, 3, "安全培训"),),
	},
	GAO: {
		"travel_minutes": 30,
		"skills": (
			(STORAGE, "Expert", "VCP-DCV", 300),
			(NETWORK, "Expert", "", None),
			(ROOM, "Basic", "JF-2025-031", -10),
		),
		"absences": (),
	},
	EMILY: {
		"travel_minutes": 30,
		"skills": ((DATABASE, "Expert", "Oracle OCM", 520),),
		"absences": (),
	},
}
OBJECT_NEEDS = {"shop": (NETWORK, "Skilled"), "wifi": (NETWORK, "Basic"), "pacs": (STORAGE, "Skilled")}

# fmt: off
# how far a visit has come
CANCELLED, PLANNED, ASKED, PREPARED, DEPARTED, PRESENT, WORK_DONE, GONE, FOLLOWED = range(9)
HOSPITAL, FACTORY, LOGISTICS = range(3)


def _visit(customer, thing, title, people, when, reached, work, **more) -> dict[str, Any]:
	"""`when`: (workday from today, hour, minute, minutes it takes), ("now", minutes from now, minutes) or None.

	`work`: (item, its result) in order; more: remote, needs, risk, leftover, parts, photo, promised (as `when`), request.
	"""
	return {
		"customer": customer,
		"object": thing,
		"title": title,
		"people": people,
		"when": when,
		"reached": reached,
		"work": work,
		**more,
	}


PAST = (
	_visit(
		HOSPITAL, "wifi", "住院楼 6 层无线接入点更换", (ZHAO,), (-4, 9, 30, 120), FOLLOWED,
		(("更换 3 台无线接入点", "已更换，信号 -52 dBm"), ("漫游测试", "护士站至病房无掉线")),
		parts=(("无线接入点 AP-6520", "SN2210457", 3, 3),), photo="AP-6520",
	),
	_visit(
		LOGISTICS, "wms", "Slow stock enquiry: index rebuild", (EMILY,), (-3, 14, 0, 60), FOLLOWED,
		(("Rebuild the stock index", "Enquiry now 0.4 s"), ("Check the night job", "Runs at 02:00 as before")),
		remote="Remote Access",
	),
	_visit(
		FACTORY, "shop", "二厂车间交换机端口闪断", (SUN,), (-2, 13, 30, 150), GONE,
		(("更换 2 号交换机", "已更换，端口恢复"), ("更换老化跳线", "")),
		leftover=("3 号机柜跳线老化未更换", "备足六类跳线后再次到场更换", 2),
		parts=(("工业交换机 IE-2000", "IE2K88312", 1, 1), ("六类跳线 3 m", "", 20, 8)), photo="IE-2000",
	),
	_visit(
		HOSPITAL, "his", "HIS 数据库存储控制器更换", (GAO, ZHAO), (-1, 9, 0, 180), GONE,
		(("切换到备控制器", "切换 40 秒，业务无中断"), ("更换主控制器", "已更换，电池 100%"), ("回切并验证", "多路径正常")),
		risk=("单控运行期间再故障将中断门诊", "备份快照 08:30 完成；若切换失败 5 分钟内回退至原控制器，厂家二线电话待命；门诊改用应急收费。"),
		parts=(("存储控制器 FAS-27", "CTL90331", 1, 1),), photo="CTL90331",
	),
	_visit(
		FACTORY, "erp", "ERP 采购审批报错远程处理", (EMILY,), (-1, 15, 0, 45), GONE,
		(("修正审批流节点", "审批恢复"), ("补跑积压单据", "17 张单据已过账")),
		remote="Remote Desktop",
	),
	_visit(
		HOSPITAL, "office", "行政楼打印机搬迁", (SUN,), (-1, 10, 0, 60), CANCELLED,
		(("搬迁 4 台打印机", ""),), reason="需方装修延期，另行约定",
	),
	_visit(
		LOGISTICS, "pcs", "Mail profile of the shift manager", (EMILY,), (-2, 16, 0, 30), CANCELLED,
		(("Repair the profile", ""),), remote="Remote Desktop", reason="Solved by a restart, the customer says",
	),
)

NOW = (
	_visit(
		HOSPITAL, "charge", "门诊收费窗口 3 号终端更换", (ZHAO,), ("now", 15, 60), DEPARTED,
		(("更换终端", ""), ("收费测试", "")), parts=(("收费终端 T-410", "T410-0092", 1, 0),),
	),
	_visit(
		LOGISTICS, "scanners", "Handheld scanners drop off the network", (SUN,), ("now", -60, 120), PRESENT,
		(("Update the firmware of 12 scanners", ""), ("Replace the charging cradle", "")), photo="Scanner 07",
		asks=(1, "The cradle's wall box is not ours and the fuse is burnt. May I change it?"),
	),
	_visit(
		HOSPITAL, "pacs", "PACS 存储巡检与硬盘更换", (GAO,), ("now", -150, 150), WORK_DONE,
		(("更换预警硬盘", "已更换，重建 62%"), ("巡检日志核对", "无其他告警")),
		leftover=("阵列重建尚未完成", "次日 10:00 前远程确认重建完成", 1),
		parts=(("硬盘 8 TB SAS", "ZC1A77M2", 1, 1),),
	),
	_visit(
		HOSPITAL, "charge", "门诊收费补丁远程验证", (EMILY,), ("now", -100, 55), WORK_DONE,
		(("安装补丁", "已安装"), ("收费流程验证", "正常")), remote="Remote Desktop",
	),
	_visit(
		FACTORY, "mes", "MES 应用日志分析", (EMILY,), ("now", -30, 60), PRESENT,
		(("抓取应用日志", ""), ("分析慢接口", "")), remote="Remote Access",
	),
)

NEXT = (
	_visit(
		HOSPITAL, "charge", "门诊收费系统季度保养", (ZHAO,), (1, 9, 0, 120), PREPARED,
		(("清灰与线缆整理", ""), ("备份恢复演练", "")),
	),
	# at the same time as the one before
	_visit(FACTORY, "desks", "总部打印机故障", (ZHAO,), (1, 10, 30, 90), PLANNED, (("更换定影组件", ""),)),
	# the certificate for the machine room ran out
	_visit(
		HOSPITAL, "pacs", "PACS 机房光纤整理", (GAO,), (1, 14, 0, 120), PLANNED,
		(("整理光纤并贴标", ""),), needs=((ROOM, "Basic"),),
	),
	_visit(
		FACTORY, "erp", "ERP 月结前检查", (EMILY,), (1, 15, 0, 60), PREPARED,
		(("检查月结作业", ""),), remote="Remote Desktop",
	),
	_visit(
		LOGISTICS, "wms", "Month-end run of the warehouse system", (EMILY,), (2, 16, 0, 60), PLANNED,
		(("Watch the run", ""),), remote="Hotline",
	),
	# the second visit of the one that left something over, and one after it that leaves too little time for the way
	_visit(
		FACTORY, "shop", "二厂车间跳线更换（第二次到场）", (SUN,), (2, 9, 0, 120), PLANNED,
		(("更换 3 号机柜老化跳线", ""),), parts=(("六类跳线 3 m", "", 40, 0),),
	),
	_visit(
		LOGISTICS, "air", "Access point in hall C", (SUN,), (2, 11, 10, 50), PLANNED, (("Hang the access point", ""),)
	),
	# later than promised
	_visit(
		HOSPITAL, "wifi", "住院楼 9 层信号弱", (ZHAO,), (2, 13, 30, 90), PLANNED,
		(("信号勘测", ""), ("调整接入点位置", "")), promised=(2, 10, 0, 0),
	),
	# its contingency plan waits for the review
	_visit(
		HOSPITAL, "his", "HIS 数据库集群补丁", (GAO,), (2, 14, 0, 180), ASKED,
		(("补丁前快照", ""), ("逐节点打补丁", ""), ("业务验证", "")),
		risk=("补丁失败将影响挂号与收费", "逐节点实施，失败节点 10 分钟内回滚快照；实施窗口 14:00–17:00 与信息科确认。"),
	),
	# away
	_visit(FACTORY, "files", "文件服务器扩容", (SUN,), (3, 10, 0, 120), PLANNED, (("加装硬盘", ""), ("扩展卷", ""))),
	# outside working hours
	_visit(
		HOSPITAL, "office", "行政楼核心交换机割接", (ZHAO,), (3, 17, 0, 180), PLANNED, (("割接", ""), ("连通性测试", ""))
	),
	# a skill that is not there, and one that is too low
	_visit(
		LOGISTICS, "wms", "Database host: change of the RAID battery", (SUN,), (4, 9, 30, 90), PLANNED,
		(("Change the battery", ""),), needs=((DATABASE, "Skilled"),),
	),
	_visit(
		FACTORY, "shop", "一厂核心路由调整", (ZHAO,), (4, 14, 0, 120), PLANNED,
		(("调整路由策略", ""),), needs=((NETWORK, "Expert"),),
	),
	# on a day off
	_visit(HOSPITAL, "charge", "门诊收费终端年检", (ZHAO,), ("saturday", 9, 0, 180), PLANNED, (("逐台年检", ""),)),
	# nobody and no time yet
	_visit(
		LOGISTICS, "vpn", "VPN gateway: replacement", (), None, PLANNED, (("Swap the gateway", ""),),
		needs=((NETWORK, "Skilled"),),
	),
	_visit(
		FACTORY, "mes", "MES 报工失败现场排查", (), None, PLANNED, (("现场抓包", ""),), request="MES 报工失败",
	),
)
# fmt: on
