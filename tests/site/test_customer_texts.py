"""Whatever a customer types or sends: stored safely, shown safely, exported safely, in every field they can fill."""

import codecs
import csv
import io
import re
from collections import Counter
from pathlib import Path

import api_calls
import customers
import factories
import frappe
import openpyxl
import pytest
import reviewing
import scenario
import surveying
import visiting
from pages import get

from ops_delivery.api import exports
from ops_delivery.services.reviews import signatures
from ops_delivery.services.shared import spreadsheet_safety as safe_export

SCRIPT = "<script>alert('x1')</script><img src=x onerror=alert(1)>\"'>"
FORMULAS = ('=HYPERLINK("http://x","y")', "+cmd|' /C calc'!A1", "-2+3+cmd|' /C calc'!A1", "@SUM(1)", "\t=1+1")
MEGABYTE = "长" * 350_000


@pytest.fixture
def w():
	w = customers.world()
	visiting.templates()
	w.visit = visiting.plan(
		"Field Service Sheet", w.customer, reference_doctype="Issue", reference_name=w.issue.name
	)
	w.done = visiting.work_done(
		frappe._dict(
			visit=visiting.plan(
				"Field Service Sheet",
				w.customer,
				owner_user=(engineer := factories.make_user(roles=["Field Engineer"]).name),
			),
			engineer=engineer,
		)
	).visit
	author, reviewer = reviewing.manager(), reviewing.manager()
	drafts = []
	for year in ("2028", "2029"):
		with reviewing.user(author):
			draft = scenario.agreement(
				w.customer, submit=False, start_date=f"{year}-01-01", end_date=f"{year}-12-31"
			)
		draft = reviewing.act(draft, "Ask for Internal Review", author)
		reviewing.approve(draft, reviewer, "Agreement: internal review")
		drafts.append(reviewing.act(draft, "Send to the Customer", author))
	w.reviewed, signing = drafts
	w.review = reviewing.open_review(w.reviewed, "Agreement: customer review")
	reviewing.customer_decides(signing, w.asker, "Agreement: customer review")
	w.signing = reviewing.act(signing, "Ask for Signatures", author)
	w.open = scenario.issue(w.agreement, raised_by=w.asker)
	surveying.only_own_rules()
	w.survey = frappe.get_doc("Service Survey", surveying.ask(surveying.rule(), w.issue)[0])
	frappe.db.commit()
	return w


# every field of every form on the customer's pages: (page, the form with the text in that field)
FIELDS = [
	("/service-requests/new", lambda w, t: {"subject": t, "description": "-"}),
	("/service-requests/new", lambda w, t: {"subject": "a", "description": t}),
	("/service-requests/new", lambda w, t: {"subject": "a", "description": "-", "customer": t}),
	("/service-requests/new", lambda w, t: {"subject": "a", "description": "-", "service_object": t}),
	("/service-requests/new", lambda w, t: {"subject": "a", "description": "-", "urgency": t}),
	("/service-requests/new", lambda w, t: {"subject": "a", "description": "-", "once": t}),
	("/service-requests/new", lambda w, t: {"what": "answers", "subject": t, "description": t}),
	(lambda w: f"/service-requests/{w.open.name}", lambda w, t: {"what": "information", "text": t}),
	(lambda w: f"/service-requests/{w.issue.name}", lambda w, t: {"decision": "Rejected", "comment": t}),
	(
		lambda w: f"/service-requests/{w.issue.name}",
		lambda w, t: {"decision": "Accepted with Reservations", "reservation": ["a", t]},
	),
	(lambda w: f"/service-requests/{w.issue.name}", lambda w, t: {"decision": t}),
	(lambda w: f"/visits/{w.visit.name}", lambda w, t: {"what": t}),
	(lambda w: f"/visits/{w.done.name}", lambda w, t: _signed(w.done, t, what="sign", name="signer_name")),
	(lambda w: f"/visits/{w.done.name}", lambda w, t: _signed(w.done, t, what="sign", name="signer_title")),
	(lambda w: f"/visits/{w.done.name}", lambda w, t: _signed(w.done, t, what="sign", name="image")),
	(lambda w: f"/reviews/{w.review}", lambda w, t: {"decision": "Rejected", "opinion": t}),
	(lambda w: f"/reviews/{w.review}", lambda w, t: {"decision": t, "opinion": "-"}),
	(lambda w: f"/reviews/sign/{w.signing.name}", lambda w, t: _signed(w.signing, t, name="signer_name")),
	(lambda w: f"/reviews/sign/{w.signing.name}", lambda w, t: _signed(w.signing, t, name="signer_title")),
	("/complaints/new", lambda w, t: {"subject": t, "text": "-"}),
	("/complaints/new", lambda w, t: {"subject": "a", "text": t}),
	(lambda w: f"/surveys/{w.survey.name}", lambda w, t: _answers(w, t)),
	("/service-requests?q={}", None),
]


def _answers(w, text):
	given = surveying.sheet(w.survey, *surveying.GOOD, text)
	return {f"q-{key}": value for key, value in given.items()}


def _signed(doc, text, name, **values):
	content = signatures.content_hash(frappe.get_doc(doc.doctype, doc.name), *(["Report"] if values else []))
	return {"signer_name": "A", "agreed": "1", "content": content, **values, name: text}


def shown(w, path, form, text):
	"""The page after the text was sent, and the page one is led to."""
	if form is None:
		from urllib.parse import quote

		return get(path.format(quote(text[:2000])), w.asker)
	path = path(w) if callable(path) else path
	status, html = get(path, w.asker, "POST", form(w, text))
	if status == 303:
		return status, get(html.partition("?")[0], w.asker)[1] + get("/service", w.asker)[1]
	return status, html


@pytest.mark.clause("6.3.h")
def test_markup_is_shown_as_the_text_it_is_and_what_is_too_long_is_refused(w):
	taken = Counter()
	for path, form in FIELDS:
		for text in (SCRIPT, MEGABYTE):
			frappe.db.savepoint("ops_texts")
			frappe.db.commit()
			status, html = shown(w, path, form, text)
			where = (path(w) if callable(path) else path, form and form(w, "…"), text[:10], status)
			assert status in (200, 303, 403, 409, 417), where
			for danger in ("<script>alert('x1')", "<img src=x", "onerror=alert(1)>"):
				assert danger not in html, where
			taken[text[:1]] += status == 303
			if text is MEGABYTE:  # refused with its reason, and never cut without a word
				assert status != 303 or "once" in form(w, "…"), where
			frappe.db.rollback(save_point="ops_texts")
			frappe.db.commit()
			frappe.clear_document_cache(w.done.doctype, w.done.name)
	assert taken[SCRIPT[0]] >= 9, taken  # markup is a text like any other


def exported(doctype, file_format, names):
	frappe.local.form_dict = frappe._dict(
		doctype=doctype,
		fields='["name", "subject"]',
		filters=frappe.as_json([[doctype, "name", "in", names]]),
		file_format_type=file_format,
		title="Issue",
		order_by="creation asc",
	)
	exports.export_list()
	return frappe.response.pop("filecontent")


def test_no_text_of_a_customer_becomes_a_formula_in_an_export(w):
	names = []
	for text in (*FORMULAS, "-5", "+86 138 0000", "a =1"):
		status, target = get("/service-requests/new", w.asker, "POST", {"subject": text, "description": text})
		assert status == 303
		names.append(target.split("/")[-1].split("?")[0])
	content = exported("Issue", "CSV", names)
	cells = [value for row in csv.reader(io.StringIO(content.decode())) for value in row]
	assert (
		not [value for value in cells if value[:1] in "=@\t" and value] and "'=HYPERLINK" in content.decode()
	)
	assert {"-5", "+86 138 0000", "a =1"} <= set(cells)
	assert "1" in cells and b"1.0" not in content  # the numbers of the rows, untouched
	book = openpyxl.load_workbook(io.BytesIO(exported("Issue", "Excel", names)))
	cells = [one for sheet in book for row in sheet.iter_rows() for one in row]
	assert not [one.value for one in cells if one.data_type == "f"]
	assert FORMULAS[0] in [one.value for one in cells]  # the text itself, unchanged


def test_excel_opens_our_csv_exports_as_utf8(w):
	status, target = get("/service-requests/new", w.asker, "POST", {"subject": "打印机坏了", "description": "…"})
	assert status == 303
	form = {
		"doctype": "Issue",
		"fields": '["name", "subject"]',
		"filters": frappe.as_json([["Issue", "name", "=", target.split("/")[-1].split("?")[0]]]),
		"file_format_type": "CSV",
		"title": "Issue",
	}
	answer = api_calls.post("Administrator", "frappe.desk.reportview.export_query", **form)
	assert answer.status == 200 and answer.content.startswith(codecs.BOM_UTF8)
	assert "打印机坏了" in answer.content.decode("utf-8-sig")
	# a list of the host's stays as the host writes it
	customer = frappe.get_doc("Customer", w.customer)
	customer.db_set("customer_name", "北京某公司")
	form |= {"doctype": "Customer", "fields": '["name", "customer_name"]', "title": "Customer"}
	form["filters"] = frappe.as_json([["Customer", "name", "=", customer.name]])
	answer = api_calls.post("Administrator", "frappe.desk.reportview.export_query", **form)
	assert answer.status == 200 and "北京某公司" in answer.text and not answer.content.startswith(codecs.BOM_UTF8)


def test_reports_are_exported_as_safely(w):
	frappe.db.set_value("Issue", w.issue.name, "subject", FORMULAS[0])
	frappe.local.form_dict = frappe._dict(
		report_name="Response Support Record",
		file_format_type="Excel",
		filters='{"from_date": "2026-03-01", "to_date": "2026-03-31"}',
		visible_idx=frappe.as_json(list(range(50))),
	)
	exports.export_report()
	book = openpyxl.load_workbook(io.BytesIO(frappe.response.pop("filecontent")))
	cells = [one for sheet in book for row in sheet.iter_rows() for one in row]
	assert cells and not [one.value for one in cells if one.data_type == "f"]
	for method in ("frappe.desk.reportview.export_query", "frappe.desk.query_report.export_query"):
		assert frappe.get_hooks("override_whitelisted_methods")[method][-1].startswith(
			"ops_delivery.api.exports"
		)


def test_what_people_wrote_runs_in_its_own_direction(w):
	"""Arabic and Hebrew from the right, whatever the page's language: in fields, and where it is shown."""
	field = re.compile(r"<(?:textarea|input type=\"text\")[^>]*>|<[^>]*class=\"ops-(?:text|lines)\"[^>]*>")
	shown = 0
	for path in ("new", w.issue.name, w.open.name):
		for tag in field.findall(get(f"/service-requests/{path}", w.asker)[1]):
			assert 'dir="auto"' in tag, tag
			shown += 1
	assert shown >= 6
	root = Path(frappe.get_app_path("ops_delivery"))
	for file in (*root.glob("www/*.html"), *root.glob("templates/includes/ops_*.html")):
		for tag in field.findall(file.read_text("utf-8")):
			assert 'dir="auto"' in tag, (file.name, tag)


def test_quotes_and_lines_of_a_file_stay_as_they_were():
	rows = [["a", 'say "=1"', "=1", "two\n=lines", 5, -5.5, None], ["x;y", "=a;b", "", "-", "+", 1, 2]]
	for options in ({"quoting": csv.QUOTE_NONNUMERIC}, {"quoting": csv.QUOTE_MINIMAL, "delimiter": ";"}):
		kept = io.StringIO()
		csv.writer(kept, **options).writerows(rows)
		found = safe_export.csv_bytes(kept.getvalue().encode(), options.get("delimiter", ",")).decode()
		read = list(csv.reader(io.StringIO(found, newline=""), delimiter=options.get("delimiter", ",")))
		assert read[0] == ["a", 'say "=1"', "'=1", "two\n=lines", "5", "-5.5", ""]
		assert read[1] == ["x;y", "'=a;b", "", "-", "+", "1", "2"]
