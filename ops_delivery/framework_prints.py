"""How Frappe's own prints ask ours: what framework.py is for versions, for the three functions through which a print goes.

No other function of Frappe's is replaced (but its InboundMail, framework.py). The hooks of the very site are asked; a site
without the app prints as Frappe does.
"""

from __future__ import annotations

import functools
import inspect
from typing import Any

import frappe
from frappe.utils import weasyprint as builder

GENERATOR_KEY = "pdf_generator"
PRINTS = "ops_delivery_print"  # hook: functions with get_print's arguments that give its answer, or None
PRINTED = "ops_delivery_printed"  # hook: functions of a document and the style asked for, that give what may be laid out


def ask_for_prints() -> None:
	"""Have Frappe's get_print ask the hook `ops_delivery_print` first, and the generator of its newer builder
	`ops_delivery_printed`, on every version, once a process.

	Functions of Frappe's are replaced because no version has a seam that serves: 15.44 has none. 15.103 and 16 have the hook
	`pdf_generator`, but it is asked only where the caller names a print format that names a generator, and no other print
	went before in the same request or job (the generator stays in form_dict, from which it is taken again here); it is given
	a page of Frappe's, not the record. Workflow mails, Auto Repeat and queued mails meet all of that.

	The replacements ask the hooks of the very site and pass everything else on as it came. They stand wherever Frappe looks
	a function up: in `frappe`, and on 15.103 and 16 in `frappe.utils.print_utils` too.

	Formats of the newer builder go past get_print (framework.goes_past_get_print) and past the document's before_print:
	their generator asks `ops_delivery_printed` which document it may lay out.
	"""
	_ask_get_print()
	_ask_builder()


def _ask_get_print() -> None:
	original = frappe.get_print
	if getattr(original, "asks_for_prints", False):
		return
	takes = inspect.signature(original)

	def by_frappe(*args: Any, **kwargs: Any) -> Any:
		chosen = GENERATOR_KEY in frappe.local.form_dict
		try:
			return original(*args, **kwargs)
		finally:
			if not chosen:  # 15.103 and 16 would make the next print by the generator of this one
				frappe.local.form_dict.pop(GENERATOR_KEY, None)

	@functools.wraps(original)
	def get_print(*args: Any, **kwargs: Any) -> Any:
		given = takes.bind(*args, **kwargs).arguments
		for hook in frappe.get_hooks(PRINTS):
			answer = frappe.get_attr(hook)(**given)
			if answer is not None:
				return answer
		return by_frappe(*args, **kwargs)

	get_print.by_frappe = by_frappe  # for a hook that has Frappe print what it has prepared
	get_print.asks_for_prints = True
	for module in (frappe, inspect.getmodule(original)):
		if getattr(module, "get_print", None) is original:
			module.get_print = get_print


def _ask_builder() -> None:
	generator, attach = builder.PrintFormatGenerator, frappe.attach_print
	begin = generator.__init__
	if getattr(begin, "asks_for_prints", False):
		return
	takes = inspect.signature(attach)

	@functools.wraps(attach)
	def attach_print(*args: Any, **kwargs: Any) -> Any:
		before = frappe.flags.ops_print_style
		frappe.flags.ops_print_style = takes.bind(*args, **kwargs).arguments.get("style") or ""
		try:
			return attach(*args, **kwargs)
		finally:
			frappe.flags.ops_print_style = before

	@functools.wraps(begin)
	def asks(self: Any, print_format: Any, doc: Any, letterhead: Any = None) -> None:
		for hook in frappe.get_hooks(PRINTED):
			doc = frappe.get_attr(hook)(doc, frappe.flags.ops_print_style)
		begin(self, print_format, doc, letterhead)

	asks.asks_for_prints = True
	generator.__init__ = asks
	for module in (frappe, inspect.getmodule(attach)):
		if getattr(module, "attach_print", None) is attach:
			module.attach_print = attach_print


ask_for_prints()
