"""The tests' own mail servers: a mail goes in by IMAP and an answer leaves by SMTP, by Frappe's own jobs."""

from datetime import datetime, timedelta, timezone
from unittest.mock import patch

import frappe
import mail_servers
import pytest
import receiving


def test_a_mail_is_fetched_from_the_mailbox_and_marked_as_read(post):
	account = post.account()
	raw = receiving.message(None, "chen@example.org", "the printer is jammed")
	uid = post.put(account, raw, at=datetime.now(timezone.utc) - timedelta(hours=2))
	assert post.unseen(account) == [uid]
	(name,) = post.receive(account)
	message = frappe.get_doc("Communication", name)
	assert message.reference_doctype == "Issue" and "jammed" in message.content
	assert post.unseen(account) == []
	assert post.receive(account) == []


def test_the_schedulers_job_fetches_it_too(post):
	account = post.account()
	frappe.db.set_value("Email Account", {"name": ["!=", account.name]}, "enable_incoming", 0)
	post.put(account, receiving.message(None, "chen@example.org"))
	post.pull()
	assert frappe.db.exists("Communication", {"email_account": account.name, "sender": "chen@example.org"})


def test_what_is_sent_lands_in_the_sink(post):
	account = post.account()
	frappe.sendmail(recipients=["chen@example.org"], subject="Your request", message="We have it", delayed=True)
	(mail,) = post.send_all()
	assert mail["To"] == "chen@example.org" and "We have it" in mail.get_body(("plain",)).get_content()
	assert post.sent[-1].rcpt_tos == ["chen@example.org"] and account.email_id in mail["From"]


def test_where_there_is_no_dovecot_the_package_is_named():
	absent = patch.object(mail_servers, "find_program", lambda _name: None)
	with absent, pytest.raises(mail_servers.ServerAbsent, match="Debian package dovecot-imapd"):
		with mail_servers.mailboxes():
			pass
