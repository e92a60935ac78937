"""The command `ops-delivery`: reads its arguments, calls the replay, and says what went wrong in one line."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ops_delivery.domain.errors import DomainError
from ops_delivery.domain.terms import Terms
from ops_delivery.replay import demo, describe, engine, outputs, text_files
from ops_delivery.replay import log as logs
from ops_delivery.replay import mapping as maps
from ops_delivery.replay.errors import InputError, plain
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.options import parser
from ops_delivery.replay.progress import Progress

OK, BAD_INPUT = 0, 2
SHOWN_REJECTIONS = 20


def main(arguments: Sequence[str] | None = None) -> int:
	"""Runs the command; the exit code is 0, or 2 for input that cannot be used."""
	started = time.perf_counter()
	for stream in (sys.stdout, sys.stderr):
		if hasattr(stream, "reconfigure"):
			stream.reconfigure(errors="replace")
	options = parser(replay=replay, agreement=agreement, sample=sample).parse_args(arguments)
	try:
		code = options.run(options, started)
		sys.stdout.flush()
		return code
	except InputError as error:
		print(f"ops-delivery: {error}", file=sys.stderr)
		return BAD_INPUT
	except BrokenPipeError:
		os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
		return OK
	except KeyboardInterrupt:
		return 130


def replay(options: argparse.Namespace, started: float) -> int:
	"""`ops-delivery replay`: the log against the agreement, then whatever output was asked for."""
	_check_outputs(options)
	terms = read_agreement(options.agreement)
	mapping = maps.load(options.mapping) if options.mapping else None
	with _no_collection(), Progress("reading", "B") as bar:
		log = logs.read(options.log, mapping, terms.calendars[terms.calendar].zone, options.time_zone, bar.to)
	if mapping is None:
		_say(f"mapping: {log.mapping.name} (it fits the columns of {log.name})")
	if log.encoding != text_files.UTF8 and not (mapping and mapping.encoding):
		_say(f"encoding: {log.encoding} ({log.name} is not UTF-8)")
	_report_rejections(log)
	if log.rows and not log.tickets:
		_say(f"no ticket of {log.name} could be used; is {log.mapping.name} the mapping for it?")
	with _no_collection(), Progress("replaying", "ticket") as bar:
		result = engine.run(log, terms, bar.to)
	for value, tickets in sorted(result.unknown_priorities.items()):
		_say(
			f"priority {value!r} is not mapped and was taken as {terms.default_priority!r} (tickets: {tickets})"
		)
	for commitment in result.unmeasured():
		_say(f"not measured: {commitment} (the mapping does not say when it is met)")
	if options.clocks:
		outputs.write_clocks(options.clocks, result)
	if options.rejected:
		outputs.write_rejected(options.rejected, log)
	if options.report:
		from ops_delivery.replay import render

		render.write(options.report, result, options.language)
	figures = outputs.summary(result, time.perf_counter() - started)
	if options.json:
		outputs.write_summary(options.json, figures)
	if "-" not in (options.json, options.clocks):
		_print_summary(figures)
	return OK


def agreement(options: argparse.Namespace, started: float) -> int:
	"""`ops-delivery agreement`: checks an agreement file and says what it promises."""
	terms = read_agreement(options.file)
	words = Words("en")
	print(f"{terms.agreement}, version {terms.version}: {terms.title or 'untitled'}")
	print(f"customer:  {terms.customer or '-'}")
	print(f"period:    {terms.period.start} to {terms.period.end}")
	for key, calendar in terms.calendars.items():
		default = " (default)" if key == terms.calendar else ""
		print(f"calendar:  {key}{default}: {describe.calendar_of(calendar, words)}")
	for target in terms.targets:
		hours = f" ({target.calendar})" if target.calendar else ""
		print(f"target:    {target.commitment}, {target.priority}: {words.duration(target.seconds)}{hours}")
	for step in terms.steps:
		scope = describe.scope_of(step, terms, words)
		repeats = f"; {describe.repeats_of(step, words)}" if step.repeat_minutes else ""
		print(f"step:      {step.kind.value}: {describe.moment_of(step, words)}, for {scope}{repeats}")
	return OK


def sample(options: argparse.Namespace, started: float) -> int:
	"""`ops-delivery sample`: lays the shipped sample down in a folder and says how to replay it."""
	for name in demo.copy_to(options.folder):
		print(name)
	print(f"try:  ops-delivery {demo.example(options.folder)}")
	return OK


def read_agreement(path: str) -> Terms:
	"""The terms in an agreement file; InputError with the file, the field and the value."""
	try:
		return Terms.from_json(text_files.read(Path(path)))
	except FileNotFoundError:
		raise InputError(path, "no such file")
	except OSError as error:
		raise InputError(path, f"cannot be read ({error.strerror or error})")
	except DomainError as error:
		raise InputError(os.path.basename(path), str(error))


@contextmanager
def _no_collection() -> Iterator[None]:
	"""No search for garbage while all that is made is kept: it would find nothing and take a tenth of the time."""
	collecting = gc.isenabled()
	gc.disable()
	try:
		yield
	finally:
		if collecting:
			gc.enable()


def _check_outputs(options: argparse.Namespace) -> None:
	"""Says before the work is done that a result could not be written, or would overwrite what is read."""
	inputs = {os.path.realpath(path) for path in (options.log, options.agreement, options.mapping) if path}
	seen: set[str] = set()
	for name in ("json", "clocks", "rejected", "report"):
		path = getattr(options, name)
		if path is None or path == "-":
			continue
		real = os.path.realpath(path)
		if real in inputs or real in seen:
			raise InputError(f"--{name}", f"{path} is also read or written as something else")
		seen.add(real)
		if os.path.isdir(real) or not os.path.isdir(os.path.dirname(real)):
			raise InputError(f"--{name}", f"{path} cannot be written: no such folder, or a folder itself")
	if options.report:
		kind = os.path.splitext(options.report)[1].lower()
		if kind not in (".html", ".htm", ".pdf"):
			raise InputError("--report", f"{options.report} must end in .html or .pdf")
		if kind == ".pdf":
			from ops_delivery.replay import render

			render.check_pdf()


def _report_rejections(log: logs.Log) -> None:
	words = Words("en")
	for row in log.rejections[:SHOWN_REJECTIONS]:
		ticket = f" {plain(row.ticket)}:" if row.ticket else ""
		_say(f"{log.name}, line {row.line}:{ticket} {words.rejection(row)}")
	if (more := len(log.rejections) - SHOWN_REJECTIONS) > 0:
		_say(f"… and {more} more")
	if log.rejections:
		_say(f"rows that could not be used: {len(log.rejections)} of {log.rows}")


def _print_summary(figures: dict) -> None:
	"""The figures in a few lines on standard output."""
	words = Words("en")
	print(f"{words.number(figures['tickets'])} tickets from {words.number(figures['rows'])} rows", end="")
	print(f" ({words.number(figures['rejected_rows'])} not used)" if figures["rejected_rows"] else "")
	for name, f in figures["commitments"].items():
		percent = words.percent(f["met"], f["met"] + f["breached"])
		counts = f"{words.number(f['met'])} met, {words.number(f['breached'])} breached"
		running = f", {words.number(f['running'])} running" if f["running"] else ""
		print(f"{name + ':':<20} {percent:>7}  ({counts}{running})")
	fired = [f"{kind} {words.number(count)}" for kind, count in figures["triggers"].items() if count]
	print(f"{'triggers:':<20} {', '.join(fired) or 'none'}")
	print(f"{'time:':<20} {figures['seconds']:.2f} s")


def _say(line: str) -> None:
	print(line, file=sys.stderr)
