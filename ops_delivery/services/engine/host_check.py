"""Whether the host is what we rely on: relied_on.py compared with what is there, after each migrate and in the health.

An upgrade that renames a field, adds a status or drops a method breaks nothing loudly; here it is named.
"""

from __future__ import annotations

import importlib
import inspect
from functools import lru_cache

import frappe
from frappe import _

from ops_delivery import framework, hooks, relied_on
from ops_delivery.custom_fields import CUSTOM_FIELDS
from ops_delivery.permissions import unasked
from ops_delivery.services.clocks import takeover
from ops_delivery.services.scope import issue_scope as ours

APP = "ops_delivery."


def differences() -> list[str]:
	"""What is missing or new, each in a sentence; kept per process while the versions stay."""
	return list(_found(frappe.local.site, *framework.versions(), frappe.local.lang))


def passed_over() -> list[str]:
	"""Where another app stands before ours, so that ours is not asked."""
	found = [
		_("{0} is answered by {1} of another app, and no longer by {2}: what docs/host.md says of it does not hold.").format(
			path, stand_ins[-1], hooks.override_whitelisted_methods[path]
		)
		for path, stand_ins in frappe.get_hooks("override_whitelisted_methods").items()
		if path in hooks.override_whitelisted_methods and not stand_ins[-1].startswith(APP)
	]
	classes = frappe.get_hooks("override_doctype_class")
	for doctype in getattr(hooks, "override_doctype_class", {}):
		if classes.get(doctype) and not classes[doctype][-1].startswith(APP):
			found.append(
				_("{0} has the class {1} of another app, and ours is passed over. Install ops_delivery after it.").format(
					_(doctype), classes[doctype][-1]
				)
			)
	return found


def report() -> None:
	"""After a migration: say it in the terminal and as an Error Log."""
	forget()
	if lines := [*differences(), *passed_over()]:
		lines.insert(0, _("Ops Delivery relies on what this version of Frappe and ERPNext does not have, or has otherwise:"))
		print("\n".join(lines))
		frappe.log_error(title="Ops Delivery: the host is not what we rely on", message="\n".join(lines))


def forget() -> None:
	"""Compare anew."""
	_found.cache_clear()


@lru_cache(maxsize=8)
def _found(_site: str, _frappe: str, _erpnext: str, _lang: str) -> tuple[str, ...]:
	return (*_fields(), *_places(), *_choices(), *_methods(), *_classes(), *_functions(), *_hooks())


def _fields() -> list[str]:
	found = []
	for doctype, fields in relied_on.FIELDS.items():
		if doctype == ours.ISSUE:
			fields = (*fields, *takeover.KEPT)
		if not frappe.db.exists("DocType", doctype):
			found.append(_("The DocType {0} is not there.").format(doctype))
			continue
		meta = frappe.get_meta(doctype)
		for names in fields:
			names = (names,) if isinstance(names, str) else names
			if not any(meta.has_field(name) for name in names):
				found.append(_("{0} has no field {1}.").format(doctype, " / ".join(names)))
	return found


def _places() -> list[str]:
	"""Fields of ours whose place is gone stand at the end of the form."""
	return [
		_("{0} has no field {1}, after which {2} has its place.").format(doctype, place, field["fieldname"])
		for doctype, fields in CUSTOM_FIELDS.items()
		for field in fields
		if (place := field.get("insert_after")) and not frappe.get_meta(doctype).get_field(place)
	]


def _choices() -> list[str]:
	found = []
	for (doctype, fieldname), known in relied_on.CHOICES.items():
		field = frappe.get_meta(doctype).get_field(fieldname)
		there = [choice for choice in (field.options or "").split("\n") if choice] if field else []
		for choice in known:
			if there and choice not in there:
				found.append(_("{0}, {1}: the choice {2} is gone.").format(doctype, fieldname, choice))
		standard = frappe.db.get_value("DocField", {"parent": doctype, "fieldname": fieldname}, "options") or ""
		for choice in filter(None, standard.split("\n")):  # what an administrator added is for their conditions
			if choice not in known:
				found.append(_("{0}, {1}: no rule of ours knows the choice {2}.").format(doctype, fieldname, choice))
	return found


def _methods() -> list[str]:
	return [
		_("The method {0} is gone, in whose place {1} stands.").format(path, ours)
		for path, ours in hooks.override_whitelisted_methods.items()
		if path not in unasked.PATHS
		and not framework.has_reached(relied_on.GONE.get(path))
		and not framework.is_there(path)
	]


def _classes() -> list[str]:
	return [
		_("{0} is gone, which a class of ours overrides.").format(f"{path}.{method}")
		for path, methods in relied_on.METHODS.items()
		for method in methods
		if not framework.is_there(path) or not hasattr(frappe.get_attr(path), method)
	]


def _functions() -> list[str]:
	return [
		_("{0} is gone, which we call.").format(path) for path in relied_on.FUNCTIONS if not framework.is_there(path)
	]


def _hooks() -> list[str]:
	found = []
	for hook, modules in relied_on.HOOKS.items():
		modules = (modules,) if isinstance(modules, str) else modules
		if not any(f'"{hook}"' in _source(module) for module in modules):
			found.append(_("{0} does not ask the hook {1} any more.").format(" / ".join(modules), hook))
	return found


def _source(module: str) -> str:
	try:
		return inspect.getsource(importlib.import_module(module))
	except ImportError:
		return ""
