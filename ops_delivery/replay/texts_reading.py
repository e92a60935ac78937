"""What was read, what was left out and why: English and Chinese side by side; {names} are filled in."""

from __future__ import annotations

# key: (English, Chinese)
READING: dict[str, tuple[str, str]] = {
	# How much stands behind the figures
	"stands_on": (
		"These figures stand on {tickets} tickets, from {used} of {rows} rows.",
		"以下数据基于 {rows} 行中的 {used} 行，共 {tickets} 张工单。",
	),
	"partial": ("partial", "不完整"),
	"partial_title": ("Partial figures", "数据不完整"),
	"partial_share": (
		"{commitment}: {share} of the log is not behind the figure.",
		"“{commitment}”：日志中有 {share} 未计入该数据。",
	),
	"lost": ("Tickets of which nothing could be used: {count}.", "另有 {count} 张工单完全无法使用。"),
	"not_chosen": ("Tickets left out by choice: {count}.", "按条件排除的工单：{count} 张。"),
	"as_of": ("as asked for", "按指定时间"),
	# How it was read
	"full_stop": (".", "。"),
	"note_header_line": (
		"the header was found in line {line}; what stands above it was not read",
		"表头位于第 {line} 行；其上方的内容未读取",
	),
	"note_where": (
		"only tickets that fulfil {condition} were looked at",
		"只统计符合以下条件的工单：{condition}",
	),
	"note_no_row": ("the log has a header and no row", "日志只有表头，没有数据行"),
	"note_newest_first": (
		"the newest rows come first; each ticket's rows were put in order of time",
		"日志按时间倒序排列；每张工单的各行已按时间排序",
	),
	"note_mixed": (
		"the rows are in no order; each ticket's rows were put in order of time",
		"日志的行没有固定顺序；每张工单的各行已按时间排序",
	),
	"note_ties": (
		"{count} rows share their time with another row of their ticket; they were taken in the order of the mapping's states",
		"{count} 行与同一工单的另一行时间相同；按映射中状态的先后顺序处理",
	),
	"note_day_first": (
		"dates are read day/month: line {line} has {column} {value} ({count} others fit both)",
		"日期按“日/月”解读：第 {line} 行 {column} 为 {value}（另有 {count} 个值两种读法皆可）",
	),
	"note_month_first": (
		"dates are read month/day: line {line} has {column} {value} ({count} others fit both)",
		"日期按“月/日”解读：第 {line} 行 {column} 为 {value}（另有 {count} 个值两种读法皆可）",
	),
	"note_duplicates_first": (
		"rows that repeat a ticket: {count}; the first row of each counts",
		"{count} 行与已有工单重复；每张工单以第一行为准",
	),
	"note_duplicates_last": (
		"rows that repeat a ticket: {count}; the last row of each counts",
		"{count} 行与已有工单重复；每张工单以最后一行为准",
	),
	# Why a row, or a clock, was left out
	"open_quote": (
		"a quotation mark is opened and never closed: {value}; the rows behind it were read",
		"引号未闭合：{value}；其后各行照常读取",
	),
	"unreadable_row": ("not CSV: {value}", "不是有效的 CSV：{value}"),
	"short_row": ("only {value} cells (row/header)", "单元格数不足：{value}（本行/表头）"),
	"long_row": (
		"more cells than the header: {value} (row/header)",
		"单元格数超过表头：{value}（本行/表头）",
	),
	"no_ticket": ("no ticket number in {column}", "{column} 中没有工单号"),
	"duplicate_ticket": ("the ticket is read from line {value}", "该工单以第 {value} 行为准"),
	"unreadable_time": ("{column} {value} is not a readable time", "{column} {value} 无法识别为时间"),
	"day_month": (
		"{column} {value} has day and month the other way round than the other dates",
		"{column} {value} 的日、月顺序与其他日期相反",
	),
	"far_off": (
		"{column} {value} lies far from all other times (a wrong year?)",
		"{column} {value} 与其他时间相差过远（年份有误？）",
	),
	"unknown_state": ("{column} {value} is not a known state", "{column} {value} 不是已知状态"),
	"before_created": ("{column} {value} is before the ticket was made", "{column} {value} 早于工单新建时间"),
	"unreadable_hold": ("{column} {value} is not a readable duration", "{column} {value} 无法识别为时长"),
	"hold_without_start": (
		"{column} {value} ends a hold that has no beginning",
		"{column} {value} 结束了一段没有开始的挂起",
	),
	"hold_without_end": (
		"{column} {value} begins a hold that has no end, though a later one begins",
		"{column} {value} 开始的挂起没有结束，而其后又有挂起",
	),
	"hold_reversed": ("{column} {value} ends a hold before it begins", "{column} {value} 早于该次挂起的开始"),
	"hold_after_end": (
		"{column} {value} of a hold is after the end of the clock",
		"挂起的 {column} {value} 晚于计时结束",
	),
	"hold_too_long": (
		"its holds ({value} s) are longer than the time it had",
		"挂起时长（{value} 秒）超过其可计的全部时间",
	),
	"clock_left_out": ("{problem}; its {commitment} is left out", "{problem}；其“{commitment}”不计入"),
	"kind_open_quote": ("Quotation mark not closed", "引号未闭合"),
	"kind_unreadable_row": ("Not CSV", "不是有效的 CSV"),
	"kind_short_row": ("Too few cells", "单元格不足"),
	"kind_long_row": ("Too many cells", "单元格过多"),
	"kind_no_ticket": ("No ticket number", "没有工单号"),
	"kind_duplicate_ticket": ("Ticket appears twice", "工单重复"),
	"kind_unreadable_time": ("Unreadable time", "时间无法识别"),
	"kind_day_month": ("Day and month exchanged", "日、月颠倒"),
	"kind_far_off": ("Time far from all others", "时间相差过远"),
	"kind_unknown_state": ("Unknown state", "状态未知"),
	"kind_before_created": ("Before the ticket was made", "早于工单新建"),
	"kind_unreadable_hold": ("Unreadable duration", "时长无法识别"),
	"kind_hold_without_start": ("Hold without a beginning", "挂起没有开始"),
	"kind_hold_without_end": ("Hold without an end", "挂起没有结束"),
	"kind_hold_reversed": ("Hold ends before it begins", "挂起结束早于开始"),
	"kind_hold_after_end": ("Hold after the end", "挂起晚于计时结束"),
	"kind_hold_too_long": ("Hold longer than the time", "挂起超过总时长"),
	"guessed": ("guessed by the draft: {list}", "草稿中的推测：{list}"),
	# What if
	"what_if_title": ("What if", "假设对比"),
	"what_if_note": (
		"The same tickets under {agreement}, and under {other}.",
		"同一批工单分别按“{agreement}”与“{other}”计算。",
	),
	"what_if_cost": (
		"{commitment}: {before} kept becomes {after}; {more} more would have been missed.",
		"“{commitment}”：达成率由 {before} 变为 {after}；超时增加 {more} 张。",
	),
	"what_if_gain": (
		"{commitment}: {before} kept becomes {after}; {fewer} fewer would have been missed.",
		"“{commitment}”：达成率由 {before} 变为 {after}；超时减少 {fewer} 张。",
	),
	"what_if_same": ("{commitment}: {after} kept, as before.", "“{commitment}”：达成率仍为 {after}。"),
	"what_if_notices": (
		"Notices: {before} become {after}.",
		"提醒与升级：由 {before} 次变为 {after} 次。",
	),
	"under": ("under {agreement}", "按“{agreement}”"),
	"curve_title": ("Share kept, by target", "目标时限与达成率"),
	"curve_note": (
		"What share of the tickets would have been kept at each target, all priorities under one. Holds and service hours "
		"count as above.",
		"若所有优先级采用同一目标时限，各时限下的达成率。挂起与服务时间的计算同上。",
	),
	"curve_bend": (
		"{commitment}: the curve bends at {target} ({percent}); a longer target gains little more.",
		"“{commitment}”：曲线在 {target} 处转折（{percent}）；再延长时限收效有限。",
	),
	"curve_straight": ("{commitment}: the curve has no bend.", "“{commitment}”：曲线没有明显转折。"),
}
