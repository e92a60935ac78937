"""What public collections of mails brought to light, each as a small mail of our own (5.3.c; benchmarks/mail_collection.py)."""

import factories
import frappe
import pytest

from ops_delivery.services.mailbox import set_aside
from ops_delivery.services.mailbox import settling as mail_settling

pytestmark = pytest.mark.clause("5.3.c")
MIXED = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="BB"'
SENDER = "chen@hospital.example"


@pytest.fixture
def box(post):
	return post.service()


@pytest.fixture(autouse=True)
def nothing_in_the_error_log(site):
	"""Whatever a mail says, it is no error of the site's."""
	before = set(frappe.get_all("Error Log", pluck="name"))
	yield
	found = frappe.get_all("Error Log", {"name": ["not in", list(before) or [""]]}, ["method", "error"])
	assert not found, found


def mail(*head: str, body: str = "The printer is jammed", sender: str = SENDER) -> bytes:
	lines = [f"From: {sender}", f"Message-ID: <{factories.unique_email('id')}>", *head]
	if not any(line.startswith("Subject:") for line in lines):
		lines.append(f"Subject: {factories.unique('Printer')}")
	return ("\n".join(lines) + f"\n\n{body}\n").encode()


def parts(*found: tuple[str, str]) -> str:
	return "".join(f"\n--BB\n{head}\n\n{body}" for head, body in found) + "\n--BB--"


def came(post, box, raw: bytes):
	"""The message that a mail became; None where it is kept for a person. Nothing is left unread."""
	post.put(box, raw)
	found = post.receive(box)
	assert post.unseen(box) == []
	return frappe.get_doc("Communication", found[0]) if found else None


def kept():
	(row,) = frappe.get_all(set_aside.DOCTYPE, {"state": set_aside.OPEN}, ["name", "reason", "details"])
	return row


def test_a_subject_that_says_to_be_encoded_and_is_not(post, box):
	message = came(post, box, mail("Subject: =?UTF-8?B?ab?= the printer"))
	assert "the printer" in message.subject
	assert frappe.db.get_value("Issue", message.reference_name, "raised_by") == SENDER


@pytest.mark.parametrize("sender", ["guest@printer", "Tom <tom@depot_nine.example>", "技术部 <王丽@医院.example>"])
def test_a_sender_whom_no_mail_reaches_is_left_to_a_person_who_makes_a_request_of_it(post, box, sender, make_user, as_user):
	assert came(post, box, mail(sender=sender)) is None
	row = kept()
	assert row.reason == set_aside.NO_SENDER and sender.rpartition("<")[2].strip(">") in row.details
	person = make_user(roles=["Service Desk"]).name
	with as_user(person):
		issue = mail_settling.make_request(row.name)
	assert frappe.db.get_value("Issue", issue, "raised_by") == person  # ERPNext's own choice where nobody is named


def test_the_address_among_words(post, box):
	message = came(post, box, mail(sender="front desk tom@depot.example"))
	assert message.sender == "tom@depot.example"


@pytest.mark.parametrize(
	"to",
	["ward@inbucket", "Array", "@depot.example", "undisclosed-recipients:;", "Undisclosed-Recipient:@depot.example;"],
)
def test_whom_no_mail_reaches_among_its_readers(post, box, to):
	message = came(post, box, mail(f'To: {to}, "Reid, Tom" <tom@depot.example>', "Bcc: Array"))
	assert message.recipients == '"Reid, Tom" <tom@depot.example>' and not message.bcc


def test_two_thousand_readers_of_no_address(post, box):
	words = ",\n\t".join("=?utf-8?Q?date=3E2017?=" for _n in range(2000))
	assert came(post, box, mail(f"To: tom@depot.example,\n\t{words}")).recipients == "tom@depot.example"


def test_words_in_plain_text_and_in_html_side_by_side(post, box):
	raw = mail(MIXED, body=parts(("Content-Type: text/plain", "Above <it>"), ("Content-Type: text/html", "<p>The table</p>"), ("Content-Type: text/plain", "Below")))
	message = came(post, box, raw)
	for words in ("Above &lt;it&gt;", "The table", "Below"):
		assert words in message.content
	for words in ("Above <it>", "The table", "Below"):
		assert words in message.text_content


def test_words_said_twice_are_shown_once(post, box):
	raw = mail(MIXED.replace("mixed", "alternative"), body=parts(("Content-Type: text/plain", "The table"), ("Content-Type: text/html", "<p>The table</p>")))
	message = came(post, box, raw)
	assert message.content.count("The table") == 1 and message.text_content.count("The table") == 1


def test_what_outlook_packed_is_kept_and_said(post, box):
	head = 'Content-Type: application/ms-tnef; name="winmail.dat"\nContent-Transfer-Encoding: base64'
	message = came(post, box, mail(MIXED, body=parts(("Content-Type: text/plain", "See the report"), (head, "eJ8+IgAAAAA="))))
	(file,) = frappe.get_all("File", {"attached_to_name": message.name}, ["file_name", "file_size", "is_private"])
	assert file.file_name.startswith("winmail") and file.file_size == 8 and file.is_private
	assert "See the report" in message.content and "winmail.dat" in message.content


def test_more_parts_than_are_read_are_left_to_a_person(post, box):
	raw = mail(MIXED, body=parts(*[("Content-Type: text/plain", f"line {n}") for n in range(501)]))
	assert came(post, box, raw) is None
	assert kept().details == "It has more than 500 parts."


def test_mails_without_an_id_are_told_apart_by_all_that_they_say(post, box):
	head = "From: chen@hospital.example\nSubject: Alarm\nDate: Mon, 2 Mar 2026 10:00:00 +0800\n"
	raws = [f"{head}Keywords: {word}\n\nSee the keywords\n".encode() for word in ("fan", "pump")]
	raws += [f"Delivered-To: {who}@x.example\nReceived: from a by {who}\n".encode() + raws[0] for who in ("b", "c")]
	for raw in raws:
		post.put(box, raw)
	assert len(post.receive(box)) == 2


def test_mails_without_a_head_are_told_apart(post, box):
	for words in ("The fan is loud", "The pump is loud"):
		post.put(box, f"{words}\n".encode())
	assert post.receive(box) == [] and len(frappe.get_all(set_aside.DOCTYPE)) == 2


@pytest.mark.parametrize("name", ["A" * 200, "王" * 200], ids=["letters", "signs"])
def test_a_senders_name_of_two_hundred_letters(post, box, name):
	message = came(post, box, mail(sender=f'"{name}" <{SENDER}>'))
	assert message.sender_full_name == name[:140] and message.sender == SENDER
	assert frappe.db.get_value("Issue", message.reference_name, "raised_by") == SENDER


def test_a_senders_address_that_fits_nowhere_is_left_to_a_person_who_makes_a_request_of_it(post, box, make_user, as_user):
	address = f"{'a' * 60}@{'.'.join(['b' * 40] * 4)}.example"
	assert came(post, box, mail(sender=address)) is None
	row = kept()
	assert (row.reason, row.details) == (set_aside.NO_SENDER, address)
	with as_user(make_user(roles=["Service Desk"]).name):
		assert frappe.db.exists("Issue", mail_settling.make_request(row.name))
