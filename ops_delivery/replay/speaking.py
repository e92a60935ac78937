"""What the replay says at a terminal: on standard error how the log was read, on standard output the figures."""

from __future__ import annotations

import sys
from collections import Counter
from typing import Any

from ops_delivery.replay import curve, text_files
from ops_delivery.replay.engine import Result
from ops_delivery.replay.errors import plain, quote
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.log import Log

SHOWN_REJECTIONS = 20
SHOWN_TARGETS = tuple(hours * 3600 for hours in (1, 2, 4, 8, 16, 24, 48, 72, 120))


def reading(result: Result, detected: bool, encoding_said: bool) -> None:
	"""How the log was read, and what of it was left out."""
	log, words = result.log, Words("en")
	if detected:
		_say(f"mapping: {log.mapping.name} (it fits the columns of {log.name})")
	if log.mapping.guessed:
		_say(words("guessed", list="; ".join(log.mapping.guessed)))
	if log.encoding not in ("", text_files.UTF8) and not encoding_said:
		_say(f"encoding: {log.encoding} ({log.name} is not UTF-8)")
	for key, values in log.notes:
		_say(f"{log.name}: {words.note(key, values)}")
	rejections(log)
	if log.not_chosen:
		_say(words("not_chosen", count=words.number(log.not_chosen)))
	for value, tickets in sorted(result.unknown_priorities.items()):
		_say(
			f"priority {value!r} is not mapped and was taken as {result.terms.default_priority!r} (tickets: {tickets})"
		)
	for commitment in result.unmeasured():
		_say(f"not measured: {commitment} (the mapping does not say when it is met)")


def rejections(log: Log) -> None:
	"""The first of the rows and clocks that could not be used, by line, and how many there are."""
	words = Words("en")
	for row in log.rejections[:SHOWN_REJECTIONS]:
		ticket = f" {plain(row.ticket)}:" if row.ticket else ""
		_say(f"{log.name}, line {row.line}:{ticket} {words.rejection(row)}")
	if (more := len(log.rejections) - SHOWN_REJECTIONS) > 0:
		_say(f"… and {more} more")
	if log.rejected_rows:
		_say(f"rows that could not be used: {log.rejected_rows} of {log.rows}")
	if clocks := len(log.rejections) - log.rejected_rows:
		_say(f"clocks that were left out alone: {clocks}")


def unusable(log: Log) -> str:
	"""Why a log of which nothing could be used is refused."""
	((code, count),) = Counter(row.code for row in log.rejections).most_common(1)
	row = next(row for row in log.rejections if row.code == code)
	advice = f"is {log.mapping.name} the mapping for it?"
	if code == "unreadable_time":
		formats = ", ".join(map(quote, log.mapping.time_formats))
		advice = f"its times are not written as {formats}, as {row.column} {quote(row.value)} shows; mend time_format"
	elif code == "unknown_state":
		advice = f"the mapping {log.mapping.name} does not list its states, such as {quote(row.value)}"
	reason = Words("en")(f"kind_{code}").lower()
	return f"not one ticket of {log.rows} rows could be used ({reason}: {count}); {advice}"


def summary(result: Result, figures: dict[str, Any]) -> None:
	"""The figures in a few lines on standard output."""
	words, log = Words("en"), result.log
	left_out = sum(figures["rejected_clocks"].values())
	counted = ((figures["tickets"], "ticket"), (figures["rows"], "row"))
	unused = [f"{words.number(log.rejected_rows)} not used"] if log.rejected_rows else []
	unused += [f"{words.number(left_out)} clocks left out"] if left_out else []
	unused += [f"{words.number(log.lost)} tickets lost"] if log.lost else []
	tickets, rows = (f"{words.number(n)} {what}{'' if n == 1 else 's'}" for n, what in counted)
	print(f"{tickets} from {rows}", end="")
	print(f" ({', '.join(unused)})" if unused else "")
	if figures["partial"]:
		share = max(log.unused(name) for name in figures["partial"])
		reasons = ", ".join(f"{words(f'kind_{code}').lower()} {n}" for code, n in figures["reasons"].items())
		print(f"PARTIAL: up to {words.share(share)} of the log is not behind a figure ({reasons})")
	for name, f in figures["commitments"].items():
		percent = words.percent(f["met"], f["met"] + f["breached"])
		counts = f"{words.number(f['met'])} met, {words.number(f['breached'])} breached"
		running = f", {words.number(f['running'])} running" if f["running"] else ""
		partial = "  PARTIAL" if name in figures["partial"] else ""
		print(f"{name + ':':<20} {percent:>7}  ({counts}{running}){partial}")
		if "what_if" in figures and (other := figures["what_if"]["commitments"].get(name)):
			percent = words.percent(other["met"], other["met"] + other["breached"])
			more = other["breached"] - f["breached"]
			print(f"{'  what if:':<20} {percent:>7}  ({more:+,} breached, {figures['what_if']['agreement']})")
	fired = [f"{kind} {words.number(count)}" for kind, count in figures["triggers"].items() if count]
	print(f"{'triggers:':<20} {', '.join(fired) or 'none'}")
	for name, found in figures["curve"].items():
		shares = dict(zip(curve.TARGETS, found["shares"], strict=True))
		points = [
			f"{words.duration(t)} {words.share(shares[t])}" for t in SHOWN_TARGETS if shares[t] is not None
		]
		if points:
			bend = f"; bends at {words.duration(found['bend_s'])}" if found["bend_s"] else ""
			print(f"{name + ', by target:':<28} {', '.join(points)}{bend}")
	print(f"{'time:':<20} {figures['seconds']:.2f} s")


def _say(line: str) -> None:
	print(line, file=sys.stderr)
