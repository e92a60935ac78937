"""Two mail servers of a test run's own, on free ports: a Dovecot that mails are fetched from, and a sink that takes what we send.

Both run without rights of their own and end with the process that started them. Needs the Debian package
`dovecot-imapd` and the Python package `aiosmtpd`, which ./test installs on the bench.
"""

import asyncio
import grp
import imaplib
import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import workers  # puts tools/ on the path
from aiosmtpd.smtp import SMTP, AuthResult
from bench import end_with_us
from services import find_program, free_port, wait_for_port

PASSWORD = "Marsh-lantern-40"
ABSENT = "no Dovecot on this machine: install the Debian package dovecot-imapd"
SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 1000
passdb {{
	driver = static
	args = password={password}
}}
userdb {{
	driver = static
	args = uid={uid} gid={gid} home={folder}/homes/%u
}}
service anvil {{
	chroot =
}}
service imap-login {{
	chroot =
	process_min_avail = 0
	inet_listener imap {{
		port = {port}
	}}
	inet_listener imaps {{
		port = 0
	}}
}}
service stats {{
	chroot =
}}
"""


class ServerAbsent(AssertionError):
	"""A mail server that the tests need is not installed, or does not start."""


@contextmanager
def mailboxes():
	"""The port of an IMAP server where any name logs in with PASSWORD and finds a mailbox of its own."""
	server = find_program("dovecot")
	if not server or not Path("/usr/lib/dovecot/imap").exists():
		raise ServerAbsent(ABSENT)
	person = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
	folder = Path(tempfile.mkdtemp(prefix="ops-mail-"))
	(folder / "homes").mkdir()
	port = free_port()
	settings = SETTINGS.format(
		folder=folder, port=port, password=PASSWORD, uid=person.pw_uid, gid=person.pw_gid,
		user=person.pw_name, group=grp.getgrgid(person.pw_gid).gr_name,
	)  # fmt: skip
	(folder / "dovecot.conf").write_text(settings)
	other = {}
	if os.geteuid() == 0:
		for path in (folder, *folder.iterdir()):
			os.chown(path, person.pw_uid, person.pw_gid)
		other = {"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []}
	process = subprocess.Popen(
		[server, "-F", "-c", folder / "dovecot.conf"], cwd=folder, stdin=subprocess.DEVNULL,
		stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=end_with_us, **other,
	)  # fmt: skip
	try:
		if not wait_for_port("127.0.0.1", port, 20):
			process.terminate()
			said = process.stderr.read().decode(errors="replace")
			log = folder / "log"
			raise ServerAbsent(f"Dovecot did not start: {said}{log.read_text() if log.exists() else ''}")
		yield port
	finally:
		process.terminate()
		process.wait(15)
		process.stderr.close()
		shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def logged_in(port: int, name: str):
	"""An IMAP connection as a person's mail program has one, INBOX selected."""
	connection = imaplib.IMAP4("127.0.0.1", port)
	try:
		connection.login(name, PASSWORD)
		connection.select("INBOX")
		yield connection
	finally:
		connection.logout()


class Sink:
	"""What arrived by SMTP: `taken`, a list of envelopes with mail_from, rcpt_tos and content (bytes), oldest first."""

	def __init__(self):
		self.taken = []

	async def handle_DATA(self, _server, _session, envelope):
		self.taken.append(envelope)
		return "250 taken"


@contextmanager
def sink():
	"""(port, Sink): an SMTP server that takes every mail, and sends none on."""
	loop, taken = asyncio.new_event_loop(), Sink()

	def serve():
		asyncio.set_event_loop(loop)
		loop.run_forever()

	thread = threading.Thread(target=serve, daemon=True)
	thread.start()

	async def listen():
		# the loop's own, as it takes a free port by itself; aiosmtpd's Controller wants to be told one
		return await loop.create_server(
			lambda: SMTP(
				taken,
				enable_SMTPUTF8=True,
				authenticator=lambda *_: AuthResult(success=True),  # Frappe logs in wherever it has a password
				auth_require_tls=False,
				loop=loop,
			),
			"127.0.0.1",
			0,
		)

	async def end():
		server.close()
		left = asyncio.all_tasks() - {asyncio.current_task()}
		for task in left:
			task.cancel()
		await asyncio.gather(*left, return_exceptions=True)

	server = asyncio.run_coroutine_threadsafe(listen(), loop).result(20)
	try:
		yield server.sockets[0].getsockname()[1], taken
	finally:
		asyncio.run_coroutine_threadsafe(end(), loop).result(20)
		loop.call_soon_threadsafe(loop.stop)
		thread.join(10)
		loop.close()
