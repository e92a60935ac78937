"""Calls of /api/method/… as a browser sends them, in this process."""

from contextlib import contextmanager
from typing import NamedTuple

import frappe
import frappe.api
import frappe.app
from frappe.utils import set_request


class Answer(NamedTuple):
	"""What came back."""

	status: int
	kind: str
	content: bytes

	@property
	def text(self) -> str:
		return self.content.decode(errors="replace")


def get(user: str, method: str, **query) -> Answer:
	"""GET /api/method/<method>?… as a user, and the answer."""
	return call(user, "GET", method, query_string=query)


def post(user: str, method: str, **form) -> Answer:
	"""POST with a form."""
	return call(user, "POST", method, data=form)


def call(user: str, http_method: str, method: str, **given) -> Answer:
	return ask(user, http_method, f"/api/method/{method}", **given)


def ask(user: str, http_method: str, path: str, **given) -> Answer:
	"""Any path of the API."""
	with request(user, http_method, path, **given):
		try:
			response = frappe.api.handle(frappe.request)
			if http_method == "POST":
				frappe.db.commit()
		except Exception as error:
			response = frappe.app.handle_exception(error)
		return Answer(response.status_code, response.mimetype, response.get_data())


@contextmanager
def request(user: str, http_method: str, path: str, **given):
	"""Within, a request of that user is being answered."""
	before = frappe.session.user
	frappe.set_user(user)
	set_request(method=http_method, path=path, **given)
	frappe.local.request_ip = "127.0.0.1"
	frappe.local.response = frappe._dict(docs=[])
	frappe.local.form_dict = frappe._dict(frappe.request.args.to_dict() | frappe.request.form.to_dict())
	frappe.local.message_log = []
	try:
		yield
	finally:
		frappe.set_user(before)
		frappe.local.form_dict = frappe._dict()
		frappe.local.response = frappe._dict(docs=[])
		frappe.local.request = None
