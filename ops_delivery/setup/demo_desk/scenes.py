"""What the demo's customers report, and what came of it: (subject, report, category, object, urgency, result, more).

`more` may say `onsite` (an engineer goes there), `wait` (why it pauses) or `invalid` (why it is no valid report).
`{place}` is filled from the customer's own places.
"""

from __future__ import annotations

from typing import Any

NOW, SOON, LATER = "Very Urgent", "Urgent", "Not Urgent"


def _scenes(places: tuple[str, ...], rows: tuple[tuple, ...]) -> tuple[dict[str, Any], ...]:
	keys = ("subject", "report", "category", "object", "urgency", "result")
	return tuple(
		{**dict(zip(keys, row[:6], strict=True)), **(row[6] if len(row) > 6 else {}), "places": places} for row in rows
	)


HOSPITAL = _scenes(
	("3 号窗口", "急诊", "儿科门诊", "住院楼 7 层", "住院楼 11 层", "检验科", "药房", "体检中心", "手术室", "影像科"),
	(
		("门诊收费系统卡顿（{place}）", "收费界面响应超过 20 秒，患者排队。", "Business Application", "charge", NOW,
			"定位到医保接口线程池耗尽，扩容并重启接口服务，响应恢复到 1 秒内。"),
		("HIS 数据库连接数告警", "监控提示 HIS 库连接数超过 90%，部分医生站登录失败。", "Database", "his", NOW,
			"清理失效会话，修正叫号程序连接泄漏，连接数回落到 35%。"),
		("{place}无法上网", "{place}多台电脑无法访问内网。", "Network", "wifi", SOON,
			"更换故障接入交换机光模块，链路恢复，观察 30 分钟无丢包。", {"onsite": True}),
		("PACS 影像调阅缓慢", "{place}调阅 CT 影像需要 1 分钟以上。", "Server and Storage", "pacs", SOON,
			"存储缓存电池老化导致写穿，更换电池后读写性能恢复。", {"onsite": True, "wait": "等待备件到货，已告知信息科"}),
		("电子病历打印错位（{place}）", "病历打印内容偏移，无法归档。", "Desktop and Printing", "office", LATER,
			"更新打印模板并统一驱动版本，打印恢复正常。"),
		("新入职医生账号开通", "{place}两名新医生需要开通 HIS 与电子病历账号。", "Access Rights", "his", LATER,
			"按审批单开通账号并授予对应科室权限，本人已确认登录。", {"wait": "等待医务科补充审批单"}),
		("叫号屏不显示（{place}）", "{place}叫号屏黑屏。", "Desktop and Printing", "office", SOON,
			"更换电源适配器，叫号屏恢复显示。", {"onsite": True}),
		("移动护理终端断线", "{place}护士 PDA 频繁掉线，无法扫腕带。", "Network", "wifi", NOW,
			"调整无线信道并关闭低速率接入，终端漫游恢复正常。", {"onsite": True}),
		("夜间备份任务失败", "昨夜 HIS 全量备份未完成。", "Database", "his", SOON,
			"备份目录空间不足，清理过期备份集并调整保留策略，补做备份成功。"),
		("检验报告回传延迟", "LIS 报告 30 分钟后才回到医生站。", "Business Application", "his", SOON,
			"消息队列积压，重启消费服务并增加消费者，延迟恢复到 10 秒内。"),
		("{place}电脑蓝屏", "{place}一台工作站反复蓝屏。", "Desktop and Printing", "office", LATER,
			"更换故障内存条，连续运行 24 小时未再蓝屏。", {"onsite": True}),
		("医保读卡器无法识别", "{place}读卡器提示设备未连接。", "Desktop and Printing", "charge", SOON,
			"重装读卡器驱动并更换 USB 线，读卡正常。"),
		("机房 UPS 旁路告警", "UPS 面板显示旁路供电。", "Server and Storage", "his", NOW,
			"厂家协同更换逆变模块，UPS 恢复在线模式。", {"onsite": True, "wait": "等待 UPS 厂家工程师到场"}),
		("申请更换个人手机", "请帮忙维修个人手机屏幕。", "Desktop and Printing", "office", LATER, "",
			{"invalid": "个人设备不在服务协议范围内，请联系手机厂商售后。"}),
		("院内食堂刷卡机报修", "食堂刷卡机屏幕不亮。", "Desktop and Printing", "office", LATER, "",
			{"invalid": "食堂刷卡机由后勤供应商维护，不属于本协议的服务对象，已转告后勤处。"}),
	),
)

FACTORY = _scenes(
	("一厂 A 线", "一厂 C 线", "二厂装配线", "二厂喷涂线", "仓库", "财务部", "研发中心", "质检室", "总部三楼", "采购部"),
	(
		("MES 报工失败（{place}）", "{place}扫码报工提示服务不可用，产线等待。", "Business Application", "mes", NOW,
			"应用服务器磁盘写满导致日志阻塞，清理日志并配置轮转，报工恢复。"),
		("ERP 月结运行超时", "月结任务运行 3 小时未结束。", "Database", "erp", SOON,
			"更新统计信息并补建索引，月结任务 25 分钟完成。", {"wait": "等待财务确认可重跑的时间窗口"}),
		("{place}交换机端口闪断", "{place}设备每隔几分钟掉线。", "Network", "shop", SOON,
			"发现水晶头氧化，重做线缆并更换端口，48 小时无闪断。", {"onsite": True}),
		("共享盘无法访问", "{place}打不开部门共享盘。", "Server and Storage", "files", SOON,
			"文件服务器域信任失效，重新加域并校验权限，访问恢复。"),
		("打印机卡纸频繁（{place}）", "{place}打印机每天卡纸多次。", "Desktop and Printing", "desks", LATER,
			"更换搓纸轮与定影组件，连续打印 200 页无卡纸。", {"onsite": True}),
		("员工离职账号回收", "{place}两名员工离职，请回收全部账号。", "Access Rights", "erp", LATER,
			"停用域账号、ERP 与 VPN 权限，已导出权限清单存档。"),
		("数据采集网关离线", "{place}采集网关离线，设备数据缺失。", "Network", "shop", SOON,
			"网关固件异常重启，升级固件并设置看门狗，数据恢复上传。", {"onsite": True}),
		("ERP 采购审批报错", "{place}提交采购单提示权限不足。", "Access Rights", "erp", SOON,
			"修正审批流角色映射，采购单可正常提交。"),
		("电脑运行缓慢（{place}）", "{place}电脑开机需 10 分钟。", "Desktop and Printing", "desks", LATER,
			"更换固态硬盘并迁移系统，开机时间缩短到 30 秒。", {"wait": "等待用户腾出电脑"}),
		("MES 数据库主从延迟", "报表数据落后生产 20 分钟。", "Database", "mes", SOON,
			"大事务拆分并提高复制并行度，延迟降到 1 秒内。"),
		("VPN 无法拨入", "出差人员无法拨入公司 VPN。", "Network", "erp", SOON,
			"证书到期，更换证书并下发新的客户端配置。"),
		("虚拟化主机内存告警", "主机内存使用率 96%。", "Server and Storage", "mes", SOON,
			"迁移两台虚拟机并回收快照，内存使用率降至 70%。"),
		("咨询：升级 Office 版本的影响", "{place}想了解升级 Office 后宏是否受影响。", "Desktop and Printing", "desks", LATER,
			"测试三份关键宏均可运行，已把测试结论发给使用人。"),
		("请安装个人游戏软件", "午休时想玩游戏。", "Desktop and Printing", "desks", LATER, "",
			{"invalid": "与业务无关的软件不在服务范围内，且不符合贵司信息安全规定。"}),
	),
)

WAREHOUSE = _scenes(
	("gate 4", "pick zone B", "pick zone D", "the cold store", "returns", "dispatch desk 2", "the night shift", "accounting"),
	(
		("Scanners drop off the network in {place}", "Pickers lose the connection every few minutes.", "Network", "air", SOON,
			"Two access points shared a channel; moved one, roaming is clean for 24 hours.", {"onsite": True}),
		("WMS does not confirm picks", "Picks in {place} stay open after scanning.", "Business Application", "wms", NOW,
			"A stuck message blocked the queue; removed it and added an alert on the queue's age."),
		("Label printer at {place} prints blank labels", "Labels come out white.", "Desktop and Printing", "scanners", SOON,
			"Print head worn; replaced it and ran fifty test labels.", {"onsite": True}),
		("No VPN for {place}", "Nobody there can reach the WMS from home.", "Network", "vpn", SOON,
			"Licence pool used up by dead sessions; cleared them and shortened the idle time."),
		("WMS database backup failed", "The nightly job ended with an error.", "Database", "wms", SOON,
			"Backup target was full; extended it, repeated the backup and restored a table as a test."),
		("New shift leader needs access", "Access to the WMS and the shared mailbox, please.", "Access Rights", "wms", LATER,
			"Account made after the approval of the warehouse manager; log-in confirmed.",
			{"wait": "Waiting for the approval of the warehouse manager"}),
		("PC at {place} does not start", "Black screen since the morning.", "Desktop and Printing", "pcs", LATER,
			"Power supply replaced; the PC passed a burn-in of two hours.", {"onsite": True}),
		("Slow stock enquiry", "The stock screen takes half a minute.", "Database", "wms", SOON,
			"Added the missing index on batch and location; the enquiry takes 0.4 s."),
		("Carrier interface rejects parcels", "Parcels for two carriers are refused.", "Business Application", "wms", NOW,
			"The carrier changed a field; mapping corrected, 312 parcels sent again.",
			{"wait": "Waiting for the carrier's new field list"}),
		("Disk warning on the file server", "Mail says 92 % used.", "Server and Storage", "wms", LATER,
			"Moved old scans to the archive; 61 % used now."),
		("How do I export the stock list?", "We need it for the auditors.", "Business Application", "wms", LATER,
			"Explained the export and left a saved report named Stock for Audit."),
		("Coffee machine is broken", "No coffee in the break room.", "Desktop and Printing", "pcs", LATER, "",
			{"invalid": "The coffee machine is not covered by the agreement; facility management was told."}),
	),
)
