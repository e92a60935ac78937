"""How Frappe's fetching of mail asks ours: what framework.py is for versions, for the one method through which mailboxes are read.

No version has a seam there: a batch of mails is fetched and marked as read before any of it is stored, and no hook is asked.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import frappe

FETCHES = "ops_delivery_fetch_mail"  # hook: a function of an Email Account and of what Frappe would do to read it


def ask_for_mailboxes() -> None:
	"""Have Frappe's EmailAccount.receive ask the hook `ops_delivery_fetch_mail` around its own work, once a process.

	The hooks of the very site are asked; without one the mailbox is read as Frappe reads it.
	"""
	from frappe.email.doctype.email_account.email_account import EmailAccount

	original = EmailAccount.receive
	if getattr(original, "asks_for_mailboxes", False):
		return

	@functools.wraps(original)
	def receive(self: Any, *args: Any, **kwargs: Any) -> Any:
		work: Callable[[], Any] = functools.partial(original, self, *args, **kwargs)
		for hook in frappe.get_hooks(FETCHES):
			work = functools.partial(frappe.get_attr(hook), self, work)
		return work()

	receive.asks_for_mailboxes = True
	EmailAccount.receive = receive
