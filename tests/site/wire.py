"""The site as somebody outside meets it: real HTTP requests through Frappe's own application, in this process.

Each request runs in a thread of its own, so it has its own frappe.local, connection and commits, as on a server. A test
that uses it is marked `committed`.
"""

import json
import threading

import frappe
import frappe.app
from werkzeug.test import Client

PASSWORD = "Wind-turbine-62"


class Answer:
	"""What came back: status, bytes, text, and the JSON of it (None where it is none)."""

	def __init__(self, response):
		self.status, self.content = response.status_code, response.get_data()
		self.text = self.content.decode("utf-8", "replace")
		self.headers = response.headers
		try:
			self.json = json.loads(self.text)
		except ValueError:
			self.json = None

	@property
	def refused(self) -> bool:
		return self.status == 403

	def said(self) -> str:
		"""The messages to people of a refusal."""
		raw = (self.json or {}).get("_server_messages")
		return " ".join(json.loads(part)["message"] for part in json.loads(raw)) if raw else self.text


class Visitor:
	"""A browser of one person. Without a user it is a guest's."""

	def __init__(self, site: str, user: str | None = None, password: str = PASSWORD):
		self.site = site
		self.client = Client(frappe.app.application, use_cookies=True)
		if user:
			answer = self.ask("POST", "/api/method/login", {"usr": user, "pwd": password})
			assert answer.status == 200, answer.text[:500]

	def ask(self, method: str, path: str, form=None, **options) -> Answer:
		"""`form`: fields of the body, or of the address for a GET. Options are werkzeug's."""
		options.setdefault("headers", {"Accept": "application/json", "X-Requested-With": "XMLHttpRequest"})
		if form is not None:
			options["query_string" if method == "GET" else "data"] = form
		found = []

		def work():
			frappe.app._site = self.site
			in_test = getattr(frappe, "in_test", None)
			if in_test is not None:
				frappe.in_test = False
			try:
				response = self.client.open(path, method=method, base_url=f"http://{self.site}", **options)
				found.append(Answer(response))
				response.close()
			except Exception as error:
				found.append(error)
			finally:
				if in_test is not None:
					frappe.in_test = in_test

		thread = threading.Thread(target=work)
		thread.start()
		thread.join(120)
		if isinstance(found[0], Exception):
			raise found[0]
		return found[0]

	def call(self, function: str, method: str = "POST", **arguments) -> Answer:
		"""A function by its path, with plain values or JSON as Frappe's own scripts send them."""
		form = {
			key: value if isinstance(value, str | int | float) else json.dumps(value, default=str)
			for key, value in arguments.items()
		}
		return self.ask(method, f"/api/method/{function}", form)
