"""The demo's people, customers and agreements as data; what they report is in scenes.py. All of it is invented."""

from __future__ import annotations

from ops_delivery.setup.demo_desk import scenes

PASSWORD = "ops-demo-2026"
PRIORITIES = ("Low", "Medium", "High", "Urgent")
CATEGORIES = (
	"Network",
	"Server and Storage",
	"Database",
	"Business Application",
	"Desktop and Printing",
	"Access Rights",
)

STAFF = (
	{"email": "zhou.min@ops.example", "name": "周敏", "roles": ["Service Delivery Manager"], "language": "zh"},
	{"email": "zhang.ning@ops.example", "name": "张宁", "roles": ["Service Delivery Manager"], "language": "zh"},
	{"email": "chen.jie@ops.example", "name": "陈洁", "roles": ["Service Desk"], "language": "zh"},
	{"email": "sarah.lin@ops.example", "name": "Sarah Lin", "roles": ["Service Desk"]},
	{"email": "zhao.lei@ops.example", "name": "赵磊", "roles": ["Field Engineer"], "language": "zh"},
	{"email": "sun.tao@ops.example", "name": "孙涛", "roles": ["Field Engineer"], "language": "zh"},
	{"email": "gao.yan@ops.example", "name": "高岩", "roles": ["Technical Expert"], "language": "zh"},
	{"email": "emily.carter@ops.example", "name": "Emily Carter", "roles": ["Technical Expert"]},
	{"email": "marcus.webb@ops.example", "name": "Marcus Webb", "roles": ["Delivery Auditor"]},
	{"email": "he.qing@ops.example", "name": "何清", "roles": ["Complaint Handler"], "language": "zh"},
	{"email": "fang.wei@ops.example", "name": "方薇", "roles": ["Complaint Handler"], "language": "zh"},
)
MANAGER, SENIOR_MANAGER = "zhou.min@ops.example", "zhang.ning@ops.example"
DESK = ("chen.jie@ops.example", "sarah.lin@ops.example")
FIELD = ("zhao.lei@ops.example", "sun.tao@ops.example")
EXPERTS = {
	"Database": "emily.carter@ops.example",
	"Business Application": "emily.carter@ops.example",
	"Network": "gao.yan@ops.example",
	"Server and Storage": "gao.yan@ops.example",
}

ESCALATION_PEOPLE = (
	{"contact_role": "Escalation Manager", "level": 1, "user": MANAGER},
	{"contact_role": "Escalation Manager", "level": 2, "user": SENIOR_MANAGER},
	{"contact_role": "Senior Expert", "level": 1, "user": "gao.yan@ops.example"},
	{"contact_role": "Senior Expert", "level": 2, "user": "emily.carter@ops.example"},
	{"contact_role": "Project Manager", "level": 1, "user": MANAGER},
)

CHANNELS = (
	{"channel": "Portal", "address": "https://service.ops.example", "hours": "24 h"},
	{"channel": "Phone", "address": "+86 21 5555 0128", "hours": "24 h"},
	{"channel": "E-mail", "address": "service@ops.example", "hours": "24 h"},
	{"channel": "Instant Message", "address": "WeCom: 海港服务台", "hours": "09:00–18:00"},
)

BETTER_COMMITMENTS = (
	"自新版本起，首次响应时限缩短一半。 / From this version on the first response comes in half the time."
)
WHY_AMENDED = "年中回顾时双方商定缩短首次响应时限。 / Both parties agreed on a quicker first response in the mid-year review."

_MINUTE, _HOUR = 60, 3600


def _times(*values: float, unit: int = _HOUR) -> tuple[int, ...]:
	return tuple(int(value * unit) for value in values)


# Targets in working seconds, by priority from the lowest to the highest
TERMS = {
	"around the clock": {
		"calendar": "7×24",
		"text": "7×24 小时受理；紧急事件 15 分钟内首次响应，2 小时内到场。",
		"targets": {
			"First Response": _times(240, 60, 30, 15, unit=_MINUTE),
			"On-site Arrival": _times(24, 8, 4, 2),
			"Restore": _times(72, 24, 8, 4),
			"Resolution": _times(120, 72, 24, 8),
		},
	},
	"working hours": {
		"calendar": "5×8 (lunch break)",
		"text": "工作日 09:00–12:00、13:00–18:00 受理。 / Working days, 09:00–12:00 and 13:00–18:00.",
		"targets": {
			"First Response": _times(4, 2, 1, 0.5),
			"On-site Arrival": _times(24, 16, 8, 4),
			"Restore": _times(40, 24, 16, 8),
			"Resolution": _times(80, 40, 24, 16),
		},
	},
}

CUSTOMERS = (
	{
		"name": "东港市第一人民医院",
		"language": "zh",
		"share": 45,
		"terms": "around the clock",
		"agreement": "医院信息系统 7×24 运维服务",
		"around_the_clock": True,
		"silence_counts": False,
		"people": (
			{
				"email": "wang.li@hospital.example",
				"name": "王丽",
				"post": "信息科科长",
				"phone": "+86 411 5550 1201",
			},
			{
				"email": "liu.yang@hospital.example",
				"name": "刘洋",
				"post": "信息科工程师",
				"phone": "+86 411 5550 1202",
			},
		),
		"objects": {
			"his": ("HIS 数据库集群", "Very Important", "门诊楼 B1 机房"),
			"charge": ("门诊收费系统", "Very Important", "门诊楼 1 层"),
			"pacs": ("PACS 影像存储", "Important", "医技楼机房"),
			"wifi": ("住院楼无线网络", "Important", "住院楼 1–12 层"),
			"office": ("行政办公网", "Not Important", "行政楼"),
		},
		"scenes": scenes.HOSPITAL,
	},
	{
		"name": "华明精密制造有限公司",
		"language": "zh",
		"share": 33,
		"terms": "working hours",
		"agreement": "工厂信息系统 5×8 运维服务",
		"around_the_clock": False,
		"silence_counts": True,
		"people": (
			{
				"email": "xu.gang@huaming.example",
				"name": "徐刚",
				"post": "IT 经理",
				"phone": "+86 512 5550 3301",
			},
			{
				"email": "he.jing@huaming.example",
				"name": "何静",
				"post": "系统管理员",
				"phone": "+86 512 5550 3302",
			},
		),
		"objects": {
			"mes": ("MES 应用服务器", "Very Important", "一厂机房"),
			"erp": ("ERP 系统", "Very Important", "总部机房"),
			"shop": ("车间交换机", "Important", "一厂、二厂车间"),
			"files": ("文件服务器", "Important", "总部机房"),
			"desks": ("办公电脑与打印机", "Not Important", "总部办公楼"),
		},
		"scenes": scenes.FACTORY,
	},
	{
		"name": "Blue River Logistics",
		"language": "en",
		"share": 22,
		"terms": "working hours",
		"agreement": "Warehouse IT, working days",
		"around_the_clock": False,
		"silence_counts": True,
		"people": (
			{
				"email": "anna.novak@blueriver.example",
				"name": "Anna Novak",
				"post": "IT Lead",
				"phone": "+86 21 5550 7701",
			},
			{
				"email": "tom.reid@blueriver.example",
				"name": "Tom Reid",
				"post": "Shift Manager",
				"phone": "+86 21 5550 7702",
			},
		),
		"objects": {
			"wms": ("Warehouse management system", "Very Important", "Waigaoqiao DC"),
			"scanners": ("Handheld scanners", "Important", "Waigaoqiao DC"),
			"vpn": ("VPN gateway", "Important", "Head office"),
			"air": ("Warehouse Wi-Fi", "Important", "Waigaoqiao DC"),
			"pcs": ("Office PCs", "Not Important", "Head office"),
		},
		"scenes": scenes.WAREHOUSE,
	},
)
