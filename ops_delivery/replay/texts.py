"""Every text of the report, English and Chinese side by side; {names} are filled in."""

from __future__ import annotations

from ops_delivery.replay.texts_reading import READING

# key: (English, Chinese)
TEXTS: dict[str, tuple[str, str]] = {
	**READING,
	# Head and verdict
	"document": ("Agreement replay", "协议回放报告"),
	"question": (
		"What would this agreement have meant for these tickets?",
		"如果当时执行本协议，这些工单的结果会怎样？",
	),
	"agreement": ("Agreement", "协议"),
	"version": ("version {version}", "第 {version} 版"),
	"customer": ("Customer", "客户"),
	"log": ("Ticket log", "工单日志"),
	"log_span": ("Log covers", "日志期间"),
	"span": ("{start} to {end}", "{start} 至 {end}"),
	"kept": (
		"{commitment} would have been kept for {percent} of {total} tickets; {missed}.",
		"“{commitment}”承诺在 {total} 张工单中的达成率为 {percent}；{missed}。",
	),
	"missed_some": ("{missed} missed it", "{missed} 张超时"),
	"missed_one": ("1 missed it", "1 张超时"),
	"missed_none": ("none missed it", "没有超时"),
	"undecided": (
		"{commitment}: no ticket of {total} is decided yet.",
		"“{commitment}”：{total} 张工单均尚无结果。",
	),
	"still_running": (
		"Still open at the end of the log, within their target: {running}.",
		"日志结束时另有 {running} 张尚未完成且未超时。",
	),
	"hardest": (
		"The weakest point is {commitment} at priority {priority}: {percent} of {total}, target {target}.",
		"最薄弱的是“{commitment}”优先级“{priority}”：{total} 张中达成 {percent}，目标时限 {target}。",
	),
	"escalations": (
		"On the way {total} notices would have gone out: {list}.",
		"期间共会发出 {total} 次提醒与升级：{list}。",
	),
	"no_escalations": (
		"The agreement has no escalation steps, so none were counted.",
		"协议未设升级步骤，故未统计提醒与升级。",
	),
	"bracket": (" ({text})", "（{text}）"),
	"card": ("{met} kept · {missed} missed", "达成 {met}，超时 {missed}"),
	"card_open": (" · {running} open", "，未完成 {running}"),
	"not_measured": (
		"Not measured: {list}. The agreement promises it, but the log (as mapped) does not show when it was met.",
		"未统计：{list}。协议中有此承诺，但日志（按当前映射）看不出何时完成。",
	),
	"empty_log": (
		"The log has no usable ticket, so there is nothing to say about the agreement.",
		"日志中没有可用的工单，无法对协议作出判断。",
	),
	# Charts
	"attainment_title": ("How many would have been kept", "达成情况"),
	"attainment_note": (
		"Share of tickets by commitment and priority. Beside each bar: attainment, and kept of decided.",
		"按承诺与优先级划分的工单占比。条形右侧为达成率，以及达成数/已有结果数。",
	),
	"legend_met": ("kept", "达成"),
	"legend_breached": ("missed", "超时"),
	"legend_running": ("open, within target", "未完成、未超时"),
	"trend_month": ("Month by month", "逐月趋势"),
	"trend_week": ("Week by week", "逐周趋势"),
	"trend_note_month": (
		"Attainment of the tickets opened in each month (lines), and how many were opened (columns).",
		"各月新建工单的达成率（折线）及新建数量（柱形）。",
	),
	"trend_note_week": (
		"Attainment of the tickets opened in each week (lines; the date is the Monday), and how many were opened "
		"(columns).",
		"各周新建工单的达成率（折线，日期为周一）及新建数量（柱形）。",
	),
	"tickets_opened": ("tickets opened", "新建工单"),
	"priority_title": ("Tickets by priority", "工单优先级分布"),
	"priority_note": ("By the priority in force at the end.", "以最终生效的优先级计。"),
	"trigger_title": ("Notices that would have gone out", "会发出的提醒与升级"),
	"trigger_note": ("With nobody acknowledging any.", "假设无人确认。"),
	"histogram_title": ("Time used, compared with the target", "用时与目标之比"),
	"histogram_note": (
		"Decided tickets by the share of their target that was used. Everything right of the line was missed.",
		"已有结果的工单，按所用时间占目标时限的比例分组；竖线右侧为超时。",
	),
	"target": ("Target", "目标时限"),
	# Figures
	"figures_title": ("Figures", "明细数据"),
	"figures_note": (
		"Times are working time. “95 % need” is the shortest target that 95 % of the finished tickets would have kept.",
		"时间均为服务时间。“95% 所需”指能让 95% 的已完成工单达成的最短时限。",
	),
	"commitment": ("Commitment", "承诺"),
	"priority": ("Priority", "优先级"),
	"tickets": ("Tickets", "工单"),
	"met": ("Kept", "达成"),
	"missed": ("Missed", "超时"),
	"open": ("Open", "未完成"),
	"attainment": ("Attainment", "达成率"),
	"mean": ("Mean", "平均用时"),
	"p90": ("90 % within", "90% 用时"),
	"p95": ("95 % need", "95% 所需"),
	"several": ("various", "多种"),
	"misses_title": ("Largest misses", "超时最多的工单"),
	"misses_note": (
		"The {count} that went furthest over their target, in working time.",
		"按超出的服务时间列出前 {count} 张。",
	),
	"no_misses": ("No commitment would have been missed.", "没有任何承诺超时。"),
	"ticket": ("Ticket", "工单号"),
	"started": ("Opened", "新建时间"),
	"stopped": ("Met", "完成时间"),
	"used": ("Used", "用时"),
	"over": ("Over by", "超出"),
	"still_open": ("open", "未完成"),
	# Terms
	"terms_title": ("Terms applied", "所用条款"),
	"period_line": ("Period: {span}.", "协议期限：{span}。"),
	"period_note": (
		"The period is not used to choose tickets: every ticket of the log is measured.",
		"期限不用于筛选工单：日志中的每张工单均参与统计。",
	),
	"calendar": ("Service hours", "服务时间"),
	"calendar_line": ("{week} ({zone})", "{week}（{zone}）"),
	"calendar_exceptions": (
		"special dates (holidays, make-up days …): {days}",
		"另有 {days} 个特殊日期（节假日、调休等）",
	),
	"default": ("default", "默认"),
	"promise": ("Targets", "承诺时限"),
	"escalation": ("Escalation", "升级策略"),
	"escalation_policy": ("Escalation: {policy}", "升级策略：{policy}"),
	"step": ("Step", "步骤"),
	"moment": ("When", "时点"),
	"applies_to": ("For", "适用于"),
	"repeats": ("Repeats", "重复"),
	"everything": ("everything", "全部"),
	"at_deadline": ("at the deadline", "到期时"),
	"share_before": ("when {amount} % of the target is left", "剩余目标时限的 {amount}% 时"),
	"share_after": ("{amount} % of the target after the deadline", "到期后再过目标时限的 {amount}%"),
	"working_before": ("{duration} of working time before the deadline", "到期前 {duration}（服务时间）"),
	"working_after": ("{duration} of working time after the deadline", "到期后 {duration}（服务时间）"),
	"wall_before": ("{duration} before the deadline", "到期前 {duration}"),
	"wall_after": ("{duration} after the deadline", "到期后 {duration}"),
	"repeat": ("every {duration}, {times} times", "每 {duration} 一次，共 {times} 次"),
	# How it was read
	"method_title": ("How the log was read", "日志的读取方式"),
	"mapping": ("Mapping: {name}", "映射：{name}"),
	"rule_met": ("Met by", "完成条件"),
	"rule_paused": ("Paused by", "暂停条件"),
	"rule_reopens": ("Reopens", "可重新打开"),
	"yes": ("yes", "是"),
	"no": ("no", "否"),
	"method_zone": ("The times of the log are taken as times of {zone}.", "日志中的时间按 {zone} 时区解读。"),
	"method_clock": (
		"Clocks start when the ticket was opened and count service hours only. A pause stops the count; after it, the "
		"deadline is planned anew from what is left.",
		"计时自工单新建起，仅计服务时间。暂停期间停止计时；恢复后按剩余时间重新推算到期时刻。",
	),
	"method_priority": (
		"A change of priority changes the target from then on; a commitment that was met keeps the target it was met under.",
		"优先级变更自变更时起改变目标时限；已完成的承诺保留完成时的目标。",
	),
	"method_open": (
		"A ticket that is not finished is judged as of the log's last entry, {until}.",
		"未完成的工单以日志最后一条记录的时间（{until}）为准。",
	),
	"method_as_of": (
		"A ticket that is not finished is judged as of {until}, as asked for; what the log says of later times is not heeded.",
		"未完成的工单按指定的时间（{until}）为准；此后的记录不予考虑。",
	),
	"method_lengths": (
		"Holds of which only the length is known are taken to lie directly before the end of the clock.",
		"仅知时长的挂起视为紧接在计时结束之前。",
	),
	"rejected_clocks": (
		"{count} clocks were left out alone, for a milestone that cannot be believed; the rest of their tickets was used.",
		"另有 {count} 个计时因里程碑时间不可信而单独剔除；相关工单的其余部分照常使用。",
	),
	"method_unknown_priority": (
		"Priority {value} is not known to the mapping; it was taken as {default} (tickets: {count}).",
		"映射中没有优先级 {value}；{count} 张工单按“{default}”处理。",
	),
	"rejected_title": ("What could not be used", "未能使用的内容"),
	"rejected_count": (
		"{rejected} of {rows} rows were left out; other rows of their tickets were used.",
		"{rows} 行中有 {rejected} 行未使用；相关工单的其余行照常使用。",
	),
	"rejected_none": ("All {rows} rows were used.", "全部 {rows} 行均已使用。"),
	"rejected_first": (
		"The first {count} are listed; --rejected writes all of them.",
		"以下列出前 {count} 行；--rejected 选项可导出全部。",
	),
	"rejected_kinds": ("By reason: {list}.", "按原因：{list}。"),
	"rejected_kind": ("{reason} {count}", "{reason} {count}"),
	"line": ("Line", "行号"),
	"reason": ("Reason", "原因"),
	"count": ("Rows", "行数"),
	"data_title": ("Data: {credit}", "数据来源：{credit}"),
	"page": ("Page", "第"),
	"page_of": ("of", "页，共"),
	"page_end": ("", "页"),
}

# Names that the app ships; any other name is shown as it is.
NAMES: dict[str, str] = {
	"First Response": "首次响应",
	"On-site Arrival": "到达现场",
	"Restore": "恢复服务",
	"Resolution": "解决",
	"Low": "低",
	"Medium": "中",
	"High": "高",
	"Urgent": "紧急",
	"Warning": "预警",
	"Alarm": "告警",
	"Manager Route": "管理升级",
	"Expert Route": "专家升级",
	"Monday": "周一",
	"Tuesday": "周二",
	"Wednesday": "周三",
	"Thursday": "周四",
	"Friday": "周五",
	"Saturday": "周六",
	"Sunday": "周日",
}
