"""The desk as an administrator uses it: a System Manager who is not Administrator, saving forms over HTTP."""

import html
import json

import api_calls
import factories
import frappe


class Desk:
	"""One person's forms. Every save is the request that the form sends."""

	def __init__(self, *roles: str, language: str = "en"):
		self.user = factories.make_user(roles=roles or ("System Manager",), language=language).name

	def save(self, doc, **values):
		"""Save a form (a document, or the values of a new one) with changes; the answer."""
		sent = frappe.as_json({**(doc if isinstance(doc, dict) else doc.as_dict()), **values})
		return self.call("frappe.desk.form.save.savedocs", doc=sent, action="Save")

	def new(self, doctype: str, **values):
		"""Save a new form."""
		return self.save({"doctype": doctype, "__islocal": 1, "name": f"new-{doctype}-1", **values})

	def call(self, method: str, **form):
		answer = api_calls.post(self.user, method, **form)
		frappe.local.message_log = []
		return answer


def said(answer) -> str:
	"""The messages to the person, as one text."""
	raw = json.loads(answer.text).get("_server_messages")
	return html.unescape(" ".join(json.loads(part)["message"] for part in json.loads(raw))) if raw else answer.text
