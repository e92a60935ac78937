"""Errors of the domain as messages for people: translated, naming the field, the value and the way out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from frappe import _

from ops_delivery.domain.errors import DomainError

NAMES = (
	"phase",
	"next",
	"wanted",
	"state",
)  # values that are choices of ours, shown in the reader's language


def message(error: DomainError) -> str:
	"""A domain error in the reader's language; an unknown code falls back to the domain's own English sentence."""
	template = _messages().get(error.code)
	if not template:
		return frappe.utils.escape_html(str(error))
	context = {
		key: frappe.utils.escape_html(_(str(value)) if key in NAMES else str(value))
		for key, value in error.context.items()
	}
	if error.code == "missing_cell":
		pairs = (f"{_(urgency)} × {_(importance)}" for urgency, importance in error.context["cells"])
		context["listed"] = frappe.utils.escape_html(", ".join(pairs))
	try:
		return template.format_map(_Gaps(context))
	except (KeyError, IndexError, ValueError):
		return frappe.utils.escape_html(str(error))


def has_words(error: DomainError) -> bool:
	"""Whether an error has a sentence of its own for people; the domain's English one may name paths of a file."""
	return error.code in _messages()


@contextmanager
def guard(where: str = "") -> Iterator[None]:
	"""Turn a DomainError into frappe.throw; `where` (already translated) is put before the message."""
	try:
		yield
	except DomainError as error:
		text = message(error)
		frappe.throw(f"{where}: {text}" if where else text)


class _Gaps(dict):
	def __missing__(self, key: str) -> str:
		return "?"


def _messages() -> dict[str, str]:
	return {
		"beyond_horizon": _(
			"The time promised does not fit into the service hours before the year 2200. Check the calendar and the target."
		),
		"time_runs_backwards": _("The event {kind} lies before the clock's last event. Enter a later time."),
		"illegal_transition": _("{kind} is not possible on a clock that is {status}."),
		"bad_target": _("The target must be longer than zero."),
		"missing_cell": _(
			"The priority matrix has no priority for {listed} yet. Choose one by hand, or have the cell filled in."
		),
		"unknown_priority": _(
			"The priority {value} is not in the order of priorities. Add it to the priority matrix."
		),
		"formula_blank": _("there is no formula. Say how it is computed."),
		"formula_too_long": _(
			"the formula is longer than {limit} characters. Split it over several figures."
		),
		"formula_syntax": _(
			"the formula {value} cannot be read near position {position}. Write it like max(0, target - value) * 10."
		),
		"formula_not_allowed": _(
			"the formula {value} uses {part}. Only numbers, figures, + - * / **, comparisons, if … else and min, max, round, abs are possible."
		),
		"formula_unknown_name": _(
			"the formula {value} asks for {name}, which is not known here. There are: {names}. A figure that is typed in is listed under Own figures."
		),
		"formula_no_value": _("the formula {value} needs {name}, which has no value. Type one in."),
		"formula_division_by_zero": _(
			"the formula {value} divides by zero. Say what holds then, as in: a / b if b else 0."
		),
		"formula_not_a_number": _(
			"the formula {value} gives no number that can be used. Check its signs and powers."
		),
		"condition_blank": _("there is no condition. Say when it holds."),
		"condition_too_long": _("it is longer than {limit} characters. Shorten it, or put part of it into a field."),
		"condition_syntax": _("it cannot be read near position {position}. Check quotation marks and brackets."),
		"condition_not_allowed": _(
			"it uses {part}, which is not possible here. Possible are fields of doc and old, rows of tables, comparisons, calculations and the functions in the administrator's guide."
		),
		"condition_unknown_name": _(
			"it asks for {name}, which is not known here. Write doc.status for the field status; the administrator's guide lists the functions there are."
		),
		"condition_too_costly": _(
			"it computes too much: too large a number, too long a text or too many steps. Make it simpler."
		),
		"no_metrics": _("nothing is assessed. Add at least one metric."),
		"duplicate_metric": _("{value} is assessed twice. Remove one of the rows."),
		"metric_without_unit": _("{value} has no unit. Enter one, such as %, times or hours."),
		"bad_weight": _("the weight {value} must be above 0 and at most 100."),
		"weights_not_full": _("the weights add up to {value}, not to 100. Change them."),
		"visit_ended": _("It is {phase} and does not move on."),
		"stage_skipped": _("From {phase} it goes on to {next}, not to {wanted}: no stage is skipped."),
		"too_late_to_cancel": _(
			"It is {phase}: what has begun cannot be cancelled. Finish it, with what was done."
		),
		"item_not_confirmed": _(
			"{work}: confirm it with the customer first; only confirmed work may be done."
		),
		"item_stopped": _("{work}: it is stopped until the superior answers."),
		"item_ended": _("{work}: this is not possible any more, it is {state}."),
		"bad_wait": _("The device says it told us {value} seconds late, which cannot be."),
		"before_departure": _("The arrival lies before the departure. Check when you set out."),
		"bad_reading": _("{value} is not a number."),
		"complaint_ended": _("It is {phase}: nothing follows any more."),
		"complaint_step": _("From {phase} it goes on to {next}, not to {wanted}."),
		"unknown_improvement_state": _("{value} is not a state of an improvement action."),
		"due_in_past": _("{value} has passed. Choose today or a later day."),
		"period_not_begun": _("the period begins on {value} only. Assess it once it has begun."),
		"reading_below_zero": _("{value} {unit} is less than nothing. Enter what was measured."),
		"signature_blank": _("nothing is drawn. Sign in the box with a finger or a pen."),
		"signature_dot": _("there is a dot only. Sign in the box with a finger or a pen."),
		"signature_filled": _("the whole box is dark. Clear it, and sign with a finger or a pen."),
		"improvement_withdrawn": _("It was withdrawn and stays so. Open a new action."),
		"improvement_closed": _("It is closed and cannot be withdrawn any more."),
		"improvement_skipped": _("From {state} it goes on to {next}, not to {wanted}: no state is skipped."),
		"bad_choice": _("{value} is not a choice with points from 0 to 100. Write it like: Quick = 100."),
		"double_choice": _("the choice {value} stands there twice. Remove one."),
		"few_choices": _("there are fewer than two choices. Enter one a line."),
		"survey_text_too_long": _("{question}: this is longer than {limit} characters. Shorten it."),
		"survey_answer_not_possible": _("{question}: {value} is not one of the answers. Choose one of those shown."),
		"question_blank": _("{question}: please answer this question."),
		"unknown_question": _("{value} is no question of this survey. Open the page once more."),
		"nothing_answered": _("Nothing is answered yet. Answer at least one question."),
		"no_hours": _("From, and To or the hours of work, are missing. Enter them in the row."),
		"hours_reversed": _("{end} lies before {start}. Correct one of the two."),
		"hours_too_many": _("{value} hours are more than a day. Correct the hours."),
		"negative_amount": _(
			"the formula {formula} gives {value}: rewards and penalties are never below 0. Use max(0, …)."
		),
		"rule_bad_value": _("{field}={value}: {field} takes {wanted}."),
		"rule_many_lines": _("The rule has more than one line. Give the line of RRULE alone."),
		"rule_empty": _("There is no rule. A rule is, for example, FREQ=WEEKLY;BYDAY=MO,TH."),
		"rule_trailing_separator": _(
			"The rule {value} ends with a semicolon: take it away, or add the part that is missing."
		),
		"rule_without_frequency": _("The rule {value} has no FREQ. Add, for example, FREQ=WEEKLY."),
		"rule_part_unknown": _(
			"{value} is no part of a rule. Parts are written NAME=VALUE with a semicolon between them; the names are {known}."
		),
		"rule_part_twice": _(
			"{field} is given twice. Give it once, with commas between its values where it may have several."
		),
		"rule_never": _(
			"The rule {value} never falls on any date. Check its days, months and positions."
		),
		"rule_count_and_until": _("The rule has both COUNT={value} and UNTIL: keep the one that ends it."),
		"rule_position_alone": _(
			"BYSETPOS={value} chooses among dates, but no other BY part gives several. Add one, such as BYDAY=MO,TU,WE,TH,FR."
		),
		"rule_month_missing": _(
			"BYMONTHDAY={value} in a yearly rule without BYMONTH is understood in different ways. Add BYMONTH for the months meant, or say FREQ=MONTHLY for every month."
		),
		"rule_needs_time": _("{value} needs a time of day; tasks have days alone. Leave it out."),
		"until_other_kind": _("UNTIL={value}: tasks have days alone. Write a day such as 20261231."),
		"until_before_start": _(
			"UNTIL={value} lies before the start {start}: there is no date between them. Mend the one that is wrong."
		),
		"rule_numbered_day": _(
			"BYDAY with the number {value} counts the weekdays of a month or of a year: it goes with FREQ=MONTHLY or FREQ=YEARLY."
		),
		"rule_numbered_day_range": _(
			"BYDAY with the number {value}: a month has at most {most} of a weekday. Count to {most}."
		),
		"rule_part_misplaced": _("{field}={value} has no meaning with {other}. Take one of the two out."),
		"start_out_of_range": _("The start {value} lies outside the years {first} to {last}."),
		"rule_beyond_horizon": _("The rule {value} has no further date before the year {year}."),
		"rule_start_between_years": _(
			"The week of the start {value} belongs to {year}, so INTERVAL={interval} can be counted from {year} or from {other}. Give the first date meant as the start."
		),
		"rule_short_month_from_end": _(
			"BYMONTHDAY={value} counts from the end of a month: a short month's last day cannot stand for it. Count from the beginning, or choose Skip."
		),
		"no_open_day": _(
			"The calendar {calendar} has no open day to which {value} and the dates around it could go. Check its holidays, or keep dates on days off."
		),
		"closed_without_calendar": _(
			"Days off cannot be looked at without a service calendar. Name the calendar."
		),
		"limits_out_of_order": _(
			"{value} lies below a lower limit, {lower_value}. From low to high: abnormal below, at risk below, at risk above, abnormal above."
		),
		"step_without_choices": _("a choice needs two answers at least."),
		"step_choice_twice": _("the answer {value} is listed twice. Remove one."),
		"step_without_normal_choice": _("none of the answers is normal. Say which one is."),
		"choice_unknown": _(
			"{value} is none of the answers to {step}: {known}. Choose one of them."
		),
		"reading_in_other_unit": _("{value} is in {other}, not in {unit}. Enter the value in {unit}."),
		"reading_impossible": _("{value} cannot be a value of {step}. Check the number."),
		"bad_tick": _("{value} is no answer to {step}. Answer yes or no."),
		"rotation_person_twice": _("{value} is named twice in the rotation. Take one out."),
	}
