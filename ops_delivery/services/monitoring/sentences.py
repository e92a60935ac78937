"""What is wrong with a machine's message, in words, without markup: its answer is read by people and programs (5.3.b)."""

from __future__ import annotations

import html

from frappe import _

from ops_delivery.domain.errors import DomainError
from ops_delivery.services.shared import domain_errors


def plain(error: DomainError) -> str:
	"""A domain error in the language that is spoken now, as plain text."""
	template = _messages().get(error.code)
	if template:
		return template.format_map({key: str(value) for key, value in error.context.items()})
	return html.unescape(domain_errors.message(error))


def _messages() -> dict[str, str]:
	return {
		"body_too_large": _("The message has {value} bytes, more than {most}. Send it in several."),
		"body_not_utf8": _("The message is not UTF-8: byte {value} fits nothing. Send it as UTF-8."),
		"body_empty": _("The message is empty. Send JSON or CSV."),
		"body_not_json": _("The message is not JSON that can be read, from line {value} on. Check its brackets and commas."),
		"not_worked_off": _("The message could not be worked off, and nothing of it is kept. Send it again."),
		"csv_without_columns": _("The first line names no column {value}. It is, for example: {example}."),
		"csv_without_rows": _("There is no line below the first one."),
		"csv_unreadable": _("The CSV cannot be read from line {value} on. Check its quotation marks."),
		"lines_too_many": _("The message has more than {most} lines. Send it in several."),
		"row_no_object": _("{value} is no JSON object with fields."),
		"not_a_text": _("{field} is {value}, and has to be a text."),
		"text_too_long": _("{field} is longer than {most} characters: {value}"),
		"value_no_value": _("value is {value}, and has to be a number or a text."),
		"bad_moment": _("{field}: {value} is no time. Write it with its offset, such as {example}."),
		"bad_whole": _("whole is {value}, and has to be true or false."),
		"readings_missing": _("The message has no list of readings. Send one, such as {example}."),
		"alerts_missing": _("The message has no list of alerts. Send one, such as {example}."),
		"alerts_too_many": _("The message has {value} alerts, more than {most}. Send it in several."),
		"alert_version": _("The message is of version {value}. Version {known} of Alertmanager's webhook is understood."),
		"alert_state": _("{field} is {value}, and has to be one of {known}."),
		"alert_in_future": _("The time {value} lies in the future. Check the clock of the source and its time zone."),
		"alert_without_id": _("The alert has nothing to be known by. Send an id, a fingerprint, a title or labels."),
		"labels_no_object": _("{field} is {value}, and has to be an object of texts."),
		"labels_too_many": _("{field} has {value} entries, more than {most}."),
		"object_unknown": _("{value} is none of the objects on which this source may report. Check its name, or the objects of the source."),
		"object_blank": _("No object is named. Send one, or choose a default object on the form of the source."),
		"object_of_several": _("{value} is the name of several objects: {known}. Send the ID of the one that is meant."),
		"source_without_manual": _("The source has no manual by which readings are judged. Choose one on its form."),
		"step_unknown": _("{value} is no step of the manual. Its steps are: {known}."),
		"reading_in_future": _("The time {value} lies in the future. Check the clock of the source and its time zone."),
		"reading_empty": _("There is no value for {step}. Leave the line out where nothing was read."),
		"reading_twice": _("{step} of {object} has {stored} for {moment} already, not {value}. A correction is entered by a person."),
		"no_agreement": _("{object}: no agreement is in force that covers it. Activate one, or resume it."),
		"not_measured": _("{object}: requests of this customer are not ours to take. Switch it on in the settings."),
	}
