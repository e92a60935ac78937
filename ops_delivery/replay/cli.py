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

from ops_delivery.domain.agreement_terms import Terms
from ops_delivery.domain.errors import DomainError
from ops_delivery.replay import (
	demo,
	describe,
	engine,
	log_file,
	looking,
	outputs,
	planned_dates,
	questions,
	reading,
	shipped_mappings,
	speaking,
	text_files,
	what_if,
)
from ops_delivery.replay import mapping as maps
from ops_delivery.replay.errors import InputError
from ops_delivery.replay.i18n import Words
from ops_delivery.replay.options import parser
from ops_delivery.replay.progress import Progress

OK, BAD_INPUT, PARTIAL = 0, 2, 3


def main(arguments: Sequence[str] | None = None) -> int:
	"""Runs the command; the exit code is 0, 2 for input that cannot be used, or 3 for partial figures."""
	started = time.perf_counter()
	for stream in (sys.stdout, sys.stderr):
		if hasattr(stream, "reconfigure"):
			stream.reconfigure(errors="replace")
	options = parser(
		replay=replay, agreement=agreement, sample=sample, mapping=looking.run, dates=planned_dates.run
	).parse_args(arguments)
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
	other_terms = other_name = None
	if options.what_if:
		other_terms, other_name = what_if.other_terms(terms, options.what_if, read_agreement)
	mapping = shipped_mappings.load(options.mapping) if options.mapping else None
	choices = reading.Choices(options.time_zone, options.dates, options.where, options.as_of, options.sheet)
	with _no_collection(), Progress("reading", "B") as bar:
		log = log_file.read(options.log, mapping, terms.calendars[terms.calendar].zone, choices, bar.to)
	if not log.tickets.numbers and log.rows and not log.not_chosen:
		speaking.rejections(log)
		if options.rejected:
			outputs.write_rejected(options.rejected, log)
		raise InputError(log.name, speaking.unusable(log))
	with _no_collection(), Progress("replaying", "ticket") as bar:
		result = engine.run(log, terms, bar.to)
		other = engine.run(log, other_terms, bar.to) if other_terms else None
	speaking.reading(result, detected=mapping is None, encoding_said=bool(mapping and mapping.encoding))
	if options.clocks:
		outputs.write_clocks(options.clocks, result)
	if options.rejected:
		outputs.write_rejected(options.rejected, log)
	if options.report:
		from ops_delivery.replay import render

		render.write(options.report, result, options.language, other, other_name or "")
	figures = outputs.summary(result, time.perf_counter() - started, other, other_name or "")
	if options.json:
		outputs.write_summary(options.json, figures)
	if "-" not in (options.json, options.clocks, options.rejected):
		speaking.summary(result, figures)
	return PARTIAL if result.partial() and not options.allow_partial else OK


def agreement(options: argparse.Namespace, started: float) -> int:
	"""`ops-delivery agreement`: checks an agreement file and says what it promises, or makes one."""
	name, *more = options.file
	if name == "new" and len(more) < 2:
		return questions.run(*(more or [None]))
	if more:
		raise InputError("agreement", f"takes one file, or new and a file, not {' '.join(options.file)}")
	terms = read_agreement(name)
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
	for promise in terms.amounts:
		print(f"amount:    {promise.name}: {describe.amount_of(promise, words)}")
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
	read = (options.log, options.agreement, options.mapping, *options.what_if)
	inputs = {os.path.realpath(path) for path in read if path}
	seen: set[str] = set()
	shown = ""
	for name in ("json", "clocks", "rejected", "report"):
		path = getattr(options, name)
		if path == "-" and name != "report":
			if shown:
				raise InputError(
					f"--{name}", f"standard output can hold one result, and --{shown} goes there"
				)
			shown = name
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
