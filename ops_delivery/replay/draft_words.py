"""The words by which a draft knows columns, states and priorities, in the languages that logs are often written in."""

from __future__ import annotations

import re
import unicodedata

# The better a word, the further in front; a column is taken for the role whose word it has.
COLUMNS: dict[str, tuple[str, ...]] = {
	"ticket": (
		"ticket number", "ticket id", "ticket#", "ticket no", "incident number", "incident id", "issue key", "case id",
		"case number", "case concept name", "request id", "unique key", "service request number", "sr number", "工单号", "工单编号",
		"单号", "事件编号", "编号", "number", "numéro", "numero do chamado", "numero", "id", "key", "id solicitacao", "ticket",
		"incident", "case", "chamado", "caseid",
	),
	"created": (
		"created date", "created at", "created time", "creation date", "opened at", "open date", "open time", "date opened",
		"requested datetime", "created", "opened", "submitted", "reported", "date de creation", "date d'ouverture", "erstellt",
		"erstellungsdatum", "angelegt", "fecha de creacion", "fecha de apertura", "data de abertura", "data hora abertura",
		"data de criacao", "criado", "创建时间", "新建时间", "报修时间", "提交时间", "建单时间", "登记时间", "申请时间", "opening date",
		"start date", "starttime", "create time",
	),
	"event_time": (
		"sys updated at", "sys updated on", "updated at", "time timestamp", "change date", "event time", "complete timestamp",
		"end timestamp", "timestamp", "changed", "updated", "last update", "modified", "变更时间", "更新时间", "操作时间", "datestamp",
		"date of change", "ultima atualizacao", "ultima alteracao", "at",
	),
	"state": (
		"incident state", "ticket status", "status", "state", "statut", "estado", "situacao", "工单状态", "状态", "concept name",
		"activity", "activity id", "task", "incidentactivity type",
	),
	"priority": (
		"priority", "priorite", "prioritat", "prioridad", "prioridade", "优先级", "紧急程度", "优先", "severity", "urgency", "impact",
	),
	"responded": (
		"first response time", "first response at", "first response date", "first response", "first reply", "responded at",
		"responded", "response date", "acknowledged", "taken into account", "primeira resposta", "erste antwort", "响应时间",
		"首次响应", "接单时间", "派单时间", "受理时间", "assigned at", "first lock", "primeiro bloqueio",
	),
	"resolved": (
		"resolved at", "resolution date", "resolutiondate", "resolve time", "resolved time", "resolved date", "resolved",
		"solved at", "solved", "solution date", "date de resolution", "gelost", "data da solucao", "fecha de solucion", "解决时间",
		"完成时间", "处理完成", "resolution time", "time to resolution", "completed", "finished date", "finished",
	),
	"closed": (
		"closed date", "closed at", "close date", "close time", "closed datetime", "closed", "date de cloture", "geschlossen",
		"hora de fechamento", "data de fechamento", "data hora encerramento", "fechado", "fecha de cierre", "关闭时间", "结束时间",
		"办结时间", "end date", "endtime", "closing date",
	),
	"held": (
		"hold start", "on hold at", "held at", "suspended at", "pending since", "data e hora da suspensao", "挂起时间", "暂停时间",
		"挂起开始",
	),
	"resumed": ("hold end", "resumed at", "resumed", "data e hora da reativacao", "恢复处理时间", "恢复时间", "挂起结束", "解除挂起"),
	"hold_length": (
		"waiting duration", "waiting time", "pending duration", "pending time", "hold duration", "hold time", "on hold time",
		"duree d'attente", "wartezeit", "tempo de espera", "挂起时长", "等待时长", "暂停时长",
	),
}  # fmt: skip
# What a word in a state's name means. Order counts: "已取消" is neutral before anything else.
STATES: dict[str, tuple[str, ...]] = {
	"neutral": ("cancel", "withdrawn", "duplicate", "void", "spam", "merged", "取消", "作废", "撤销", "annul", "storniert", "cancelad", "mesclad"),
	"paused": (
		"wait", "pending", "hold", "suspend", "awaiting", "paused", "挂起", "等待", "暂停", "待用户", "待客户", "en attente", "wartet", "pendente",
		"pendiente", "aguardando", "suspens",
	),
	"met": (
		"resolved", "closed", "solved", "done", "complete", "finish", "fixed", "已解决", "已关闭", "关闭", "已完成", "完成", "办结", "已恢复",
		"resolu", "clos", "gelost", "geschlossen", "cerrado", "resuelto", "fechad", "solucionad", "resolvid", "encerrad",
	),
	"new": ("new", "open", "submitted", "registered", "created", "unassigned", "to do", "新建", "待处理", "待受理", "未处理", "nouveau", "neu", "novo", "aberto"),
}  # fmt: skip
PRIORITIES: dict[str, tuple[str, ...]] = {
	"Urgent": (
		"critical",
		"urgent",
		"blocker",
		"highest",
		"emergency",
		"p1",
		"紧急",
		"特急",
		"非常高",
		"tres haute",
		"very high",
		"sehr hoch",
		"muito alt",
		"muy alt",
		"immediat",
		"sofort",
		"立即",
		"立刻",
		"kritisch",
		"dringend",
		"major",
	),
	"High": ("high", "p2", "高", "haute", "hoch", "alta", "alto"),
	"Low": (
		"lowest",
		"low",
		"minor",
		"trivial",
		"planning",
		"p4",
		"p5",
		"低",
		"basse",
		"niedrig",
		"baja",
		"bajo",
		"baixa",
		"baixo",
	),
	"Medium": (
		"medium",
		"moderate",
		"normal",
		"p3",
		"中",
		"一般",
		"普通",
		"average",
		"moyenne",
		"mittel",
		"media",
		"medio",
	),
}
# What is denied of a state, or still to be done to it, is not so: "Unresolved", "未完成", "Resolution in progress".
DENIED = re.compile(
	r"\b(?:not|non|nicht|no|nao) \w+|\b(?:un|in)(?:resolved|solved|closed|finished|completed?|fixed)\b"
	r"|\bresolution (?:in|under|proposed|planned)\b|[未待不](?:完成|关闭|解决|恢复|办结)"
)
NOT_URGENT = re.compile(r"\b(?:not|non|no|nicht|pas) ?(?:urgent|dringend)|[不非]紧急")
BY_NUMBER = {"1": "Urgent", "2": "High", "3": "Medium", "4": "Low", "5": "Low"}


TIMES = ("created", "event_time", "responded", "resolved", "closed", "held", "resumed")
EXACT = 100  # from which rank a name only begins with a word, or has it in it


def fold(text: str) -> str:
	"""A name as its words are looked for: small, without accents and signs."""
	apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", text))  # CaseID
	letters = unicodedata.normalize("NFKD", apart.casefold())
	plain = "".join(c for c in letters if not unicodedata.combining(c))
	return " ".join(re.sub(r"[_\-./()\[\]]+", " ", plain).split())


def rank(name: str, role: str) -> int | None:
	"""How well a column's name fits a role: 0 is best, None not at all."""
	folded = fold(name)
	for i, word in enumerate(COLUMNS[role]):
		plain = fold(word)
		if folded == plain:
			return i
	for i, word in enumerate(COLUMNS[role]):
		plain = fold(word)
		if folded.startswith(f"{plain} "):
			return EXACT + i
		if (len(plain) > 2 and _has(folded, plain)) or (not plain.isascii() and plain in folded):
			return 200 + i
	return None


def meaning(state: str) -> str:
	"""What a state seems to mean: "neutral", "paused", "met", "new", or "" for one that is worked on."""
	folded = fold(state)
	if folded.startswith(("un", "not ", "re", "未")) and any(
		word in folded for word in ("assign", "open", "受理")
	):
		return "new" if "assign" in folded else ""
	affirmed = DENIED.sub(" ", folded)
	for kind, words in STATES.items():
		if any(word in (affirmed if kind == "met" else folded) for word in words):
			return kind
	return ""


def priority(value: str) -> str | None:
	"""The shipped priority that a value seems to mean."""
	folded = fold(value)
	if NOT_URGENT.search(folded):
		return "Low"
	# the word goes before the number: OTRS counts from "1 very low", ServiceNow from "1 - Critical"
	by_word = (name for name, words in PRIORITIES.items() if any(word in folded for word in words))
	if name := next(by_word, None):
		return name
	match = re.match(r"(?:p|priority|sev)?\s?([1-5])\b", folded)
	return BY_NUMBER[match[1]] if match else None


def speaks_of_time(name: str) -> bool:
	"""Whether a column's name says that it holds times."""
	folded = fold(name)
	return any(
		word in folded
		for word in ("time", "date", "created", "updated", "opened", "closed", "时间", "日期", " at", "stamp")
	) or any((found := rank(name, role)) is not None and found < EXACT for role in TIMES)


def _has(text: str, words: str) -> bool:
	return re.search(rf"(?<![^\W_]){re.escape(words)}(?![^\W_])", text) is not None
