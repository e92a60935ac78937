"""Our endpoints as Frappe asks for them (require_type_annotated_api_methods): each argument says its type."""

import inspect
from importlib import import_module
from pkgutil import walk_packages

import frappe

import ops_delivery


def test_each_argument_of_an_endpoint_says_its_type():
	bare = []
	for module in walk_packages(ops_delivery.__path__, "ops_delivery."):
		if module.name.startswith("ops_delivery.api."):
			import_module(module.name)
	for function in frappe.whitelisted:
		original = inspect.unwrap(function)
		if original.__module__.startswith("ops_delivery.api."):
			bare += [
				f"{original.__module__}.{original.__name__}({name})"
				for name, of in inspect.signature(original).parameters.items()
				if of.annotation is inspect.Parameter.empty and of.kind not in (of.VAR_KEYWORD, of.VAR_POSITIONAL)
			]
	assert frappe.whitelisted and not bare, bare
