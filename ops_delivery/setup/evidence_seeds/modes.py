"""What proves chapter 7: on-site support and remote support."""

from __future__ import annotations

from collections.abc import Iterator

from ops_delivery.setup.evidence_seeds.row import SESSION, SHEET, Row, row

LEFTOVER, SURVEY = "Service Leftover", "Survey Response"
_SECURITY = '("ecurity" in (row.question or "") or "安全" in (row.question or "") or "uthoriz" in (row.question or "") or "未经" in (row.question or ""))'


def answered(stage: str, more: str = "") -> str:
	"""A point of the checklist of a stage that was answered with Yes."""
	return f'any(row.stage == "{stage}" and row.answer == "Yes"{f" and {more}" if more else ""} for row in doc.answers)'


WORKED_ON = 'any(row.state == "Done" and row.confirmed_on for row in doc.work_items) and not any(row.state == "Done" and not row.confirmed_on for row in doc.work_items)'
JUDGED = 'doc.risk == "Ordinary" or (doc.risk == "Complex or Risky" and doc.contingency_plan)'
CHECKLIST, CHECKLIST_ZH = "Answer the checklist", "填写检查表"


def _both(section: str, doctype: str, word: str, word_zh: str) -> Iterator[Row]:
	"""What both modes ask for in the same way; `word` is what one of them is called."""
	of = f'doc.reference_doctype == "{doctype}"'
	left = f'doc.source_doctype == "{doctype}"'
	yield row(f"{section}.a.1", doctype, "doc.details_confirmed_on", f"Confirm content, time and history of the {word} with the customer", f"与客户确认{word_zh}的内容、时间和历史", required_fields="work_content, confirmed_with")
	yield row(f"{section}.a.2", doctype, JUDGED, f"Judge the risk of the {word}; a risky one needs a reviewed contingency plan", f"评定{word_zh}的风险；有风险的须有经评审的应急预案")
	yield row(f"{section}.b.4", doctype, answered("During", _SECURITY), f"{CHECKLIST} during the {word}: security", f"{CHECKLIST_ZH}：{word_zh}中的安全要求")
	yield row(f"{section}.b.5", doctype, WORKED_ON, f"Confirm each piece of work of the {word} before it begins", f"{word_zh}的每项作业在开始前确认")
	yield row(f"{section}.b.6", "Field Service Request", f"{of} and doc.answered_on", f"Ask the superior about what the {word} did not foresee", f"{word_zh}遇到意外或额外要求时请示上级")
	yield row(f"{section}.d.1", SURVEY, of, f"Have the customer asked how the {word} was conducted", f"就{word_zh}的规范程度回访客户")
	yield row(f"{section}.d.2", SURVEY, f"{of} and doc.scored", f"Have the customer asked how satisfied they are with the {word}", f"就{word_zh}的满意程度回访客户")
	yield row(f"{section}.d.3", doctype, "doc.followed_up_on", f"Follow the {word} up and bring its record up to date", f"{word_zh}结束后跟进并更新记录", required_fields="outcome")
	yield row(f"{section}.d.4", LEFTOVER, f'{left} and doc.state in ("In Progress", "Solved", "Waived")', f"Track what the {word} left open until it is solved", f"追踪{word_zh}的余留问题直至解决", required_fields="owner_user")


ROWS = (
	*_both("7.2", SHEET, "visit", "现场服务"),
	row("7.2.a.3", SHEET, answered("Before"), f"{CHECKLIST} before the visit: tools, documents, sheet", f"{CHECKLIST_ZH}：出发前的工具、文档和服务单"),
	row("7.2.a.4", SHEET, answered("Before", _SECURITY), f"{CHECKLIST} before the visit: security preparations", f"{CHECKLIST_ZH}：出发前的安全准备"),
	row("7.2.b.1", SHEET, "doc.arrived_on and doc.arrival_confirmed_on", "Tell the customer of the arrival and have it confirmed", "到场后告知客户并请其确认到达时间"),
	row("7.2.b.2", SHEET, "doc.work_confirmed_on", "Confirm the work with the customer before it begins", "作业前与客户确认内容和步骤", required_fields="work_confirmed_with"),
	row("7.2.b.3", SHEET, answered("During"), f"{CHECKLIST} during the visit: rules of the site", f"{CHECKLIST_ZH}：现场管理规定"),
	row("7.2.c.1", "Service Signature", 'doc.reference_doctype == "Field Service Sheet" and doc.party == "Customer" and doc.state == "Valid"', "Have the customer sign the service sheet", "请客户签署现场服务单"),
	row("7.2.c.2", LEFTOVER, 'doc.source_doctype == "Field Service Sheet"', "Agree with the customer how leftovers of the visit are treated", "与客户谈妥现场余留问题的处理办法", required_fields="treatment, agreed_with"),
	row("7.2.c.3", SHEET, answered("Before Leaving"), f"{CHECKLIST} before leaving: the place is tidy", f"{CHECKLIST_ZH}：离场前场地整洁"),
	row("7.2.c.4", SHEET, answered("Before Leaving", _SECURITY), f"{CHECKLIST} before leaving: security", f"{CHECKLIST_ZH}：离场前的安全检查"),
	row("7.2.c.5", SHEET, "doc.leave_permitted_on and doc.left_on and doc.leave_permitted_on <= doc.left_on", "Leave with the customer's permission only", "征得客户同意后再离场", required_fields="leave_permitted_by"),
	*_both("7.3", SESSION, "session", "远程支持"),
	row("7.3.a.3", SESSION, answered("Before"), f"{CHECKLIST} before the session: secure, stable, available", f"{CHECKLIST_ZH}：接入前的安全、稳定和可用"),
	row("7.3.b.1", SESSION, "doc.arrived_on and (doc.promised_on or doc.planned_start) and not doc.late_minutes", "Begin sessions at the agreed time", "按约定时间开始远程支持"),
	row("7.3.b.2", SESSION, answered("During"), f"{CHECKLIST} during the session: the customer is kept informed", f"{CHECKLIST_ZH}：过程中与客户保持沟通"),
	row("7.3.b.3", SESSION, answered("During"), f"{CHECKLIST} during the session: the customer's rules", f"{CHECKLIST_ZH}：遵守客户的管理规定"),
	row("7.3.c.1", LEFTOVER, 'doc.source_doctype == "Remote Support Session"', "Agree with the customer how leftovers of the session are treated", "与客户谈妥远程余留问题的处理办法", required_fields="treatment, agreed_with"),
	row("7.3.c.2", SESSION, answered("Before Leaving", _SECURITY), f"{CHECKLIST} before ending: security", f"{CHECKLIST_ZH}：结束前的安全检查"),
	row("7.3.c.3", SESSION, "doc.leave_permitted_on and doc.left_on and doc.leave_permitted_on <= doc.left_on", "End sessions with the customer's permission only", "征得客户同意后再结束远程支持", required_fields="leave_permitted_by"),
)
