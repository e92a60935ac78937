"""Seeds of surveys as data: what is asked after a request, a visit, a remote session and once a year (5.4.c, 7.2.d, 7.3.d)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

REQUEST, VISIT, SESSION = "After a request", "After a visit", "After a remote session"
WORK, YEAR = "After an improvement or a consultation", "Yearly satisfaction (anonymous)"
_INTRO = "It takes a minute. What you tell us is read by the people who look after your service."
_INTRO_ZH = "只需一分钟。您的反馈将由负责服务的人员阅读。"


def _score(question: str, question_zh: str, weight: float = 1, **values: Any) -> dict[str, Any]:
	return {
		"question": question,
		"question_zh": question_zh,
		"answer_type": "Score 1–5",
		"weight": weight,
		"required": 1,
		**values,
	}


def _conduct(question: str, question_zh: str) -> dict[str, Any]:
	return _score(question, question_zh, 0, answer_type="Yes/No", conduct=1, good_answer="Yes")


_COMMENT = _score(
	"What should we do better?", "您希望我们在哪些方面改进？", 0, answer_type="Text", required=0
)


def _template(
	title: str, title_zh: str, description: str, *questions: dict[str, Any], **values: Any
) -> dict[str, Any]:
	return {
		"title": title,
		"title_zh": title_zh,
		"description": description,
		"enabled": 1,
		"intro": _INTRO,
		"intro_zh": _INTRO_ZH,
		"days_to_answer": 14,
		"reminder_days": "5, 10",
		"fewest_answers": 5,
		"low_score": 50,
		"questions": [*(dict(row) for row in questions), dict(_COMMENT)],
		**values,
	}


TEMPLATES: dict[str, dict[str, Any]] = {
	REQUEST: _template(
		"How did we handle your request?",
		"您对本次请求的处理满意吗？",
		"After the customer has agreed to the result of a request.",
		_score("How content are you with the result?", "您对处理结果满意吗？", 3),
		_score("How content are you with the time it took?", "您对处理用时满意吗？", 2),
		_score("How well were you kept informed?", "您对过程中的沟通告知满意吗？", 1),
	),
	VISIT: _template(
		"How was our visit?",
		"您对本次到场服务满意吗？",
		"After a visit: whether it kept to the norms (7.2.d.1) and how content the customer is (7.2.d.2).",
		_score("How content are you with the work done?", "您对现场完成的工作满意吗？", 3),
		_score("How content are you with our engineer's manner?", "您对工程师的服务态度满意吗？", 1),
		_conduct("Did the engineer come at the agreed time?", "工程师是否按约定时间到场？"),
		_conduct("Was the work confirmed with you before it began?", "作业开始前是否与您确认了工作内容？"),
		_conduct("Were your rules of site and security kept?", "是否遵守了贵方的现场与安全规定？"),
		_conduct("Was the place left clean and the result explained?", "离场前是否清理现场并说明了结果？"),
		low_conduct=1,
	),
	SESSION: _template(
		"How was our remote support?",
		"您对本次远程支持满意吗？",
		"After a remote session: whether it kept to the norms (7.3.d.1) and how content the customer is (7.3.d.2).",
		_score("How content are you with the work done?", "您对远程完成的工作满意吗？", 3),
		_score("How content are you with how we spoke with you?", "您对远程过程中的沟通满意吗？", 1),
		_conduct("Was access agreed with you before it began?", "接入前是否征得了您的同意？"),
		_conduct("Were you kept informed of each step?", "每一步操作是否都告知了您？"),
		_conduct("Was access closed at the end?", "结束时是否关闭了远程接入？"),
		low_conduct=1,
	),
	WORK: _template(
		"How content are you with what we did for you?",
		"您对我们完成的工作满意吗？",
		"After an optimization plan is closed, or a consulting report is issued.",
		_score("How content are you with the result?", "您对成果满意吗？", 3),
		_score("How well did it meet what you needed?", "成果是否满足了您的需要？", 2),
		_score("How content are you with how we worked together?", "您对双方的协作满意吗？", 1),
	),
	YEAR: _template(
		"How content are you with our service?",
		"您对我们的服务总体满意吗？",
		"Once a period, all contacts of the customer, without names.",
		_score("How content are you with our service as a whole?", "您对我们的服务总体满意吗？", 3),
		_score("How quick are we when you need us?", "您对我们的响应速度满意吗？", 2),
		_score("How competent are our people?", "您对我们人员的专业能力满意吗？", 2),
		_score("How well do we keep what we promise?", "我们是否兑现了承诺？", 2),
		_score(
			"How likely is it that you recommend us?",
			"您向他人推荐我们的可能性有多大？",
			1,
			answer_type="Score 1–10",
		),
		anonymous=1,
		days_to_answer=21,
		reminder_days="7, 14",
		low_score=60,
	),
}


def _rule(template: str, occasion: str, description: str, **values: Any) -> dict[str, Any]:
	return {
		"template": template,
		"occasion": occasion,
		"description": description,
		"ask": "Who Asked for It",
		"sampling": 100,
		"limit_days": 0,
		"enabled": 1,
		**values,
	}


RULES: dict[str, dict[str, Any]] = {
	"Request closed": _rule(
		REQUEST,
		"After a Request Is Closed",
		"Who was asked anything within two weeks is spared.",
		limit_days=14,
	),
	"Visit over": _rule(VISIT, "After a Visit", "Every visit is asked about: 7.2.d demands it."),
	"Remote session over": _rule(
		SESSION, "After a Remote Session", "Every session is asked about: 7.3.d demands it."
	),
	"Optimization closed": _rule(
		WORK,
		"After an Optimization Plan Is Closed",
		"The customer's main contact is asked.",
		ask="Main Contact of the Customer",
	),
	"Consulting report issued": _rule(
		WORK,
		"After a Consulting Report Is Issued",
		"The customer's main contact is asked.",
		ask="Main Contact of the Customer",
	),
	"As agreed": _rule(
		YEAR,
		"By Frequency",
		"By the survey frequency of each agreement. Switch it on once the customers' contacts are complete.",
		ask="All Contacts of the Customer",
		frequency="As Agreed",
		days_before_end=21,
		service_content="Routine Operation",
		enabled=0,
	),
}


def records() -> Iterator[tuple[str, dict[str, dict[str, Any]]]]:
	"""(DocType, records by name) in the order of planting."""
	yield "Survey Template", {name: {"template_name": name, **values} for name, values in TEMPLATES.items()}
	yield "Survey Rule", {name: {"rule_name": name, **values} for name, values in RULES.items()}
