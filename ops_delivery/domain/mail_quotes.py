"""What somebody wrote themselves in a reply, without the mail they answer.

Mail programs mark what they quote each in their own way; here are those in use with our customers. Where nothing is
recognized all of it is taken for the writer's own: too much is shown rather than too little.
"""

from __future__ import annotations

import re

# of the block of headers that programs put above what they quote: who wrote it, and all others
_WRITERS = r"From|Von|De|Da|Van|Fra|Från|Od|От|发件人|寄件者|差出人|보낸 사람"
_LABELS = (
	rf"(?:{_WRITERS}|Sent|To|Cc|Date|Subject|Gesendet|Datum|An|Betreff|Envoyé(?: le)?|À|Objet|Inviato|Data|A|Oggetto|"
	r"Verzonden|Aan|Onderwerp|Sendt|Dato|Til|Emne|Skickat|Till|Ämne|Enviado(?: el)?|Fecha|Para|Asunto|Enviad[ao](?: em)?|Assunto|"
	r"Wysłano|Do|Temat|Отправлено|Дата|Кому|Тема|发件时间|发送时间|发送日期|日期|时间|收件人|收件者|抄送|主题|主旨|"
	r"送信日時|日時|宛先|件名|보낸 날짜|날짜|받는 사람|제목)"
)
_HEADER = re.compile(rf"^[\s>*_]*{_LABELS}[*_]*\s*[:：]", re.IGNORECASE)
_SENDER = re.compile(rf"^[\s>*_]*(?:{_WRITERS})[*_]*\s*[:：]", re.IGNORECASE)
_RULED = re.compile(r"^\s*[-_—]{4,}\s*\S[^-_—]{0,60}[-_—]{4,}\s*$")  # ---- Oprindelig besked ----
# in whatever language: a moment, an address, and a colon at the end
_SOMEBODY_WROTE = re.compile(
	r"^(?=.*(?:\b\d{1,2}[:.h]\d{2}\b|\b\d{4}-\d{2}-\d{2}\b))(?=.*\d{4}|.*\d{1,2}[./]\d{1,2}[./]).{0,200}"
	r"[<(（\[]\s*[^\s<>()]+@[^\s<>()]+\s*[>)）\]][^@]{0,30}[:：]\s*$"
)
_BEGINS = (
	# ----- Original Message -----, ------------------ 原始邮件 ------------------, ---- 回复的原邮件 ----
	re.compile(
		r"^\s*[-_—]{2,}\s*(?:Original Message|Original|Forwarded message|Ursprüngliche Nachricht|原始邮件|原邮件|回复的原邮件|回复的邮件|转发的邮件|转发邮件信息)[^-_—]*[-_—]{2,}\s*$",
		re.IGNORECASE,
	),
	# On Tue, 3 Mar 2026 at 10:12, Service Desk <desk@example.com> wrote:
	re.compile(
		r"^\s*(?:On|Am|Le|El)\b.{6,200}\b(?:wrote|schrieb.{0,80}|a écrit|escribió)\s*[:：]\s*$", re.IGNORECASE
	),
	# 在 2026-03-03 10:12:00，"服务台" <desk@example.com> 写道：, 于2026年3月3日周二 10:12写道：
	re.compile(r"^.{0,200}(?:写道|寫道)\s*[:：]\s*$"),
	# On Wed, 14 Nov 2018 08:14:43 -0200 Tom Reid <tom@example.com> wrote, ---- On … wrote ----
	re.compile(r"^\s*(?:-{2,}\s*)?On\b.*\d.*@.{0,200}\bwrote\s*(?:-{2,})?\s*$", re.IGNORECASE),
	_SOMEBODY_WROTE,
)
LONGEST_HEADING = 300
_SPLIT_BEGIN = re.compile(r"^\s*(?:On|Am|Le|El)\b.{6,120}$", re.IGNORECASE)


def own_words(text: str) -> str:
	"""The text above the quoted mail, without lines that are quoted by >; empty where nothing but a quotation was sent."""
	lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
	kept: list[str] = []
	heading = False  # of a quotation whose every line is marked; what stands below it is the writer's again
	for index, line in enumerate(lines):
		if heading and line.strip() and not line.lstrip().startswith(">"):
			continue
		heading = False
		if length := _quote_begins(lines, index):
			below = next((row for row in lines[index + length :] if row.strip()), "")
			if not below.lstrip().startswith(">"):
				break
			heading = True
		elif not line.lstrip().startswith(">"):
			kept.append(line.rstrip())
	return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _quote_begins(lines: list[str], index: int) -> int:
	"""How many lines the heading of a quoted mail takes that begins here; 0 where none does."""
	line = lines[index]
	if any(pattern.match(line) for pattern in _BEGINS):
		return 1
	following = [row for row in lines[index + 1 : index + 6] if row.strip()]
	if _heads_quote([line, *following]) or (_RULED.match(line) and _heads_quote(following)):
		return 1
	# a line "On … wrote:" that was broken in two
	below = lines[index + 1].strip() if index + 1 < len(lines) else ""
	joined = f"{line} {below}"
	if not line.strip() or not below or below.startswith(">") or len(joined) > LONGEST_HEADING:
		return 0
	begins = _SPLIT_BEGIN.match(line) and any(pattern.match(joined) for pattern in _BEGINS)
	return 2 if begins or _is_broken(line, below) else 0


def _heads_quote(lines: list[str]) -> bool:
	"""Whether a block of headers begins, as Outlook and Foxmail write it; one line alone may be the writer's."""
	return bool(lines) and bool(_SENDER.match(lines[0])) and any(_HEADER.match(row) for row in lines[1:3])


def _is_broken(line: str, following: str) -> bool:
	"""Whether the moment stands on this line, the address on the next, as many programs break it."""
	return bool(re.search(r"\d{4}", line) and not _SOMEBODY_WROTE.match(following) and _SOMEBODY_WROTE.match(f"{line} {following}"))
