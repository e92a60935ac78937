"""What somebody wrote themselves in a reply, without the mail they answer.

Mail programs mark what they quote each in their own way; here are those in use with our customers. Where nothing is
recognized all of it is taken for the writer's own: too much is shown rather than too little.
"""

from __future__ import annotations

import re

_LABELS = r"(?:From|Sent|To|Cc|Date|Subject|Von|Gesendet|An|Betreff|发件人|寄件者|发件时间|发送时间|发送日期|日期|时间|收件人|收件者|抄送|主题|主旨)"
_HEADER = re.compile(rf"^[\s>*_]*{_LABELS}[*_]*\s*[:：]", re.IGNORECASE)
_SENDER = re.compile(r"^[\s>*_]*(?:From|Von|发件人|寄件者)[*_]*\s*[:：]", re.IGNORECASE)
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
)
_SPLIT_BEGIN = re.compile(r"^\s*(?:On|Am)\b.{6,120}$", re.IGNORECASE)


def own_words(text: str) -> str:
	"""The text above the quoted mail, without lines that are quoted by >; empty where nothing but a quotation was sent."""
	lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
	kept: list[str] = []
	for index, line in enumerate(lines):
		if _begins_quote(lines, index):
			break
		if not line.lstrip().startswith(">"):
			kept.append(line.rstrip())
	return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _begins_quote(lines: list[str], index: int) -> bool:
	line = lines[index]
	if any(pattern.match(line) for pattern in _BEGINS):
		return True
	following = [row for row in lines[index + 1 : index + 6] if row.strip()]
	if _SENDER.match(line) and any(_HEADER.match(row) for row in following[:2]):
		return True  # a block of headers, as Outlook and Foxmail write it; one line alone may be the writer's
	# a line "On … wrote:" that was broken in two
	return bool(
		_SPLIT_BEGIN.match(line) and following and any(p.match(f"{line} {following[0]}") for p in _BEGINS)
	)
