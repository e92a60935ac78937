"""Reasons and notes that people give with a step: stripped, and no longer than anybody reads."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

LONGEST = 4000  # characters; a Small Text holds 65,535 bytes, which is 16,383 of the longest signs


def stated(text: Any, label: str) -> str:
	"""The text without blanks around it, "" where there is none. frappe.ValidationError names the field (`label`, translated)."""
	said = cstr(text).strip()
	if len(said) > LONGEST:
		frappe.throw(_("{0} is longer than {1} characters. Shorten it.").format(frappe.bold(label), LONGEST))
	return said
