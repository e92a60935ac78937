"""The arguments of `ops-delivery`, and what `--help` says about them."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from ops_delivery import __version__
from ops_delivery.replay import date_order, shipped_mappings
from ops_delivery.replay import mapping as maps
from ops_delivery.replay.i18n import LANGUAGES

Run = Callable[[argparse.Namespace, float], int]

COMMAND = """\
Service-level tools of ops_delivery that need no site and no installation of Frappe."""

COMMAND_END = """\
Try it with the shipped sample:
  ops-delivery sample demo
  ops-delivery replay demo/sample-updates.csv --agreement demo/sample-agreement.json --report demo/report.html"""

REPLAY = """\
What would this agreement have meant for these tickets?

Runs a ticket history through the same rules that the app applies on a site: clocks in service hours, pauses,
changes of priority, reopening, warnings, alarms and escalations. Prints the attainment of each commitment; more goes
into the files you name."""

REPLAY_END = """\
the log
  LOG is a table with a header line: CSV (also gzipped), or a sheet of a workbook (XLSX). Either a row is the state of a
  ticket after one update, in any order, or a row is a whole ticket with the times of its milestones. The mapping names
  the columns, says how times are written, which states the tickets have and what these mean for each commitment;
  "ops-delivery mapping LOG" looks into a log and drafts one.

what cannot be used
  Rows that are broken, have an unreadable time or an unknown state, lie before their ticket was made or far from all
  other times: they are listed on standard error by line (the header is line 1), counted, and left out. Of a whole
  ticket, a milestone that cannot be believed costs its own clock alone. --rejected writes all of them. Where more than
  5 % of the rows or tickets are not behind a figure it is called partial, and the exit code is 3.

clocks (--clocks)
  ticket, commitment, priority, started, target_s, elapsed_s, paused_s, due, stopped, state
  Times are ISO 8601 with the offset of the log's zone; target_s, elapsed_s and paused_s are working seconds.
  due is the deadline in force (at the end of the log, or when the clock stopped), empty while paused. state is
    met       stopped within the target
    breached  more than the target was used, stopped or not
    running   not stopped, within the target at the end of the log
    paused    the same, but held

figures (--json)
  tickets, rows, rejected_rows, rejected_clocks, lost_tickets, tickets_not_chosen, reasons: {reason: n}, unused: {name:
  share}, partial: [names], until, commitments: {name: {met, breached, running, attainment}}, triggers: {kind: n},
  curve: {name: {targets_s, shares, bend_s, priorities}}, what_if: {agreement, commitments, triggers}, seconds.
  attainment is met / (met + breached), from 0 to 1; paused clocks count as running.

exit codes
  0  done; a few rows may have been left out
  2  the log, the agreement, the mapping or an option cannot be used; a line on standard error says which and why
  3  done, but more than 5 % of the log is not behind a figure (0 with --allow-partial)

examples
  ops-delivery replay incidents.csv.gz --agreement agreement.json --mapping servicenow-audit --json figures.json
  ops-delivery replay tickets.csv --agreement agreement.json --mapping our-desk.json --clocks clocks.csv
  ops-delivery replay tickets.csv --agreement agreement.json --report report.pdf --language zh
  ops-delivery replay tickets.xlsx --agreement agreement.json --mapping our-desk.json --where 'state != "Cancelled"'
  ops-delivery replay tickets.csv --agreement agreement.json --what-if Resolution/High=4h

docs/agreement-file.md and docs/replay.md describe the two JSON files; both can be written by hand."""

AGREEMENT = """\
Checks an agreement file, and prints its service hours, targets and escalation steps in plain words.
Ends with code 2 and one line that names the field and the value if the file cannot be used.

"ops-delivery agreement new [FILE]" asks a few questions and writes an agreement with its calendar (agreement.json, if no
FILE is named). Answers may be piped in, a line each."""

MAPPING = """\
Looks into a log of which nothing is known: encoding, delimiter, sheets, columns, the values of those with few, how times
seem to be written and what speaks for it, and a few rows. Writes a draft of the mapping that says what it guessed and
what it could not know; the replay refuses it until that is answered."""

SAMPLE = """\
Writes the sample into a folder: an invented log of updates, the same tickets as one row each, and an agreement."""

DATES = """\
Prints the dates of a recurrence rule (RFC 5545), one a line: days, or local times, as the start is. Around closed days, if
asked, by the rules of routine operation."""

DATES_END = """\
the rule
  Read strictly; what libraries understand in different ways is put right as the RFC means it, or refused with the way to
  say it (docs/routine.md). COUNT and UNTIL hold before dates are moved. A start that does not match the rule is not printed.

exit codes
  0  done; where the rule ends before --count dates are printed, standard error says so
  2  the rule, the start, the calendar or an option cannot be used; a line on standard error says which and why

examples
  ops-delivery dates "FREQ=MONTHLY;BYMONTHDAY=31" --start 2026-01-31 --count 12 --short-month last
  ops-delivery dates "FREQ=MONTHLY;BYMONTHDAY=-1" --start 2026-01-01T09:00 --count 12 --closed before --calendar office.json"""


def parser(replay: Run, agreement: Run, sample: Run, mapping: Run, dates: Run) -> argparse.ArgumentParser:
	"""The parser; each command's options carry the function that runs it as `run`."""
	raw = argparse.RawDescriptionHelpFormatter
	top = argparse.ArgumentParser(
		"ops-delivery", description=COMMAND, epilog=COMMAND_END, formatter_class=raw
	)
	top.add_argument("--version", action="version", version=f"ops-delivery {__version__}")
	commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

	one = commands.add_parser(
		"replay", help="run a ticket log against an agreement", description=REPLAY, epilog=REPLAY_END,
		formatter_class=raw,
	)  # fmt: skip
	one.add_argument(
		"log",
		metavar="LOG",
		help="ticket log: CSV, plain or gzipped, or XLSX",
	)
	one.add_argument(
		"--agreement",
		metavar="FILE",
		required=True,
		help="agreement file (JSON): calendars, targets, escalation",
	)
	one.add_argument(
		"--mapping", metavar="NAME|FILE",
		help=f"how to read LOG: a shipped mapping ({', '.join(shipped_mappings.shipped())}) or a JSON file; "
		"default: the shipped one that fits LOG's columns",
	)  # fmt: skip
	one.add_argument(
		"--time-zone", metavar="ZONE",
		help="zone of LOG's times, e.g. Asia/Shanghai; default: the mapping's, else that of the agreement's calendar",
	)  # fmt: skip
	one.add_argument(
		"--dates", choices=date_order.ORDERS,
		help="order of day and month in dates like 3/4/2025; default: as the mapping says, or the whole log proves",
	)  # fmt: skip
	one.add_argument(
		"--as-of", metavar="DATE", default="",
		help="read open tickets at the end of that day (2025-06-30) or at that time; default: at the log's last event",
	)  # fmt: skip
	one.add_argument(
		"--where", metavar="CONDITION", default="",
		help="look only at tickets whose row (of updates: last row) fulfils it, e.g. 'state != \"Cancelled\"'",
	)  # fmt: skip
	one.add_argument(
		"--sheet", metavar="NAME", help="sheet of a workbook; default: the mapping's, else the first"
	)
	one.add_argument(
		"--what-if", metavar="FILE|CHANGE", action="append", default=[],
		help="a second agreement side by side: a file, or a change such as Resolution=4h or Resolution/High=4h",
	)  # fmt: skip
	one.add_argument(
		"--allow-partial", action="store_true", help="end with code 0 although figures are partial"
	)
	out = one.add_argument_group("results (any number of them; for one, but not the report, - is standard output)")
	out.add_argument("--json", metavar="OUT", help="the figures as JSON")
	out.add_argument("--clocks", metavar="OUT.csv", help="one line for each ticket and commitment")
	out.add_argument(
		"--rejected", metavar="OUT.csv", help="the rows of LOG that could not be used, with the reason"
	)
	out.add_argument(
		"--report", metavar="OUT.html|OUT.pdf", help="a report with charts, for A4 (PDF needs WeasyPrint)"
	)
	out.add_argument(
		"--language", choices=LANGUAGES, default="en", help="language of the report (default: en)"
	)
	one.set_defaults(run=replay)

	two = commands.add_parser(
		"agreement", help="check an agreement file and print what it promises; or make one", description=AGREEMENT,
		formatter_class=raw,
	)  # fmt: skip
	two.add_argument(
		"file", metavar="FILE", nargs="+", help='agreement file (JSON); or "new [FILE]" to make one'
	)
	two.set_defaults(run=agreement)

	look = commands.add_parser(
		"mapping", help="look into a log and draft its mapping", description=MAPPING, formatter_class=raw
	)
	look.add_argument("log", metavar="LOG", help="ticket log: CSV, plain or gzipped, or XLSX")
	look.add_argument(
		"--sheet", metavar="NAME", help="sheet of a workbook; default: the first that holds anything"
	)
	look.add_argument(
		"--out", metavar="FILE", help="where the draft goes (default: LOG's name with .mapping.json, here)"
	)
	look.set_defaults(run=mapping)

	three = commands.add_parser(
		"sample",
		help="write the sample log and agreement into a folder",
		description=SAMPLE,
		formatter_class=raw,
	)
	three.add_argument("folder", metavar="FOLDER", nargs="?", default=".", help="where to (default: here)")
	three.set_defaults(run=sample)
	_add_dates(commands, raw, dates)
	return top


def _add_dates(commands: argparse._SubParsersAction, raw: type[argparse.HelpFormatter], dates: Run) -> None:
	four = commands.add_parser(
		"dates", help="print the dates of a recurrence rule", description=DATES, epilog=DATES_END, formatter_class=raw
	)
	four.add_argument("rule", metavar="RULE", help='rule of RFC 5545, such as "FREQ=WEEKLY;BYDAY=MO,TH"')
	four.add_argument(
		"--start", metavar="DATE", required=True, help="first date: 2026-01-31, or a local time: 2026-01-31T09:00"
	)
	four.add_argument("--count", metavar="N", required=True, help="how many dates to print")
	four.add_argument(
		"--short-month", choices=("last", "skip"), default="skip",
		help="the 29th to 31st in a month without it: its last day, or no date (default: skip)",
	)  # fmt: skip
	four.add_argument(
		"--closed", choices=("skip", "before", "after"),
		help="a date on a closed day: left out, or moved to the next open day before or after; default: not looked at",
	)  # fmt: skip
	four.add_argument(
		"--calendar", metavar="CALENDAR.json",
		help="service calendar that says which days are closed (docs/agreement-file.md), or an agreement file with one",
	)  # fmt: skip
	four.set_defaults(run=dates)
