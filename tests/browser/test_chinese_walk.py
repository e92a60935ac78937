"""A Chinese user walks through pickers, reports and print previews: no English of ours is left in them."""

import json
import re

import frappe
import looks
import papers
import pytest
import visiting
from test_words_on_forms import PASSWORD, scene

# what the scenes of these tests typed in, and what is one language's own
DATA = re.compile(
	r"(?:[A-Z][\w&()’' -]*? )?(?:\d[a-z]){3}-\d+|(?:SA|ISS|VISIT|SESSION|REV|DP|OP|CP|CR|SIG|COMP|ESC|PLAN|CONP|REMOTE)[\w-]*-\d[\w-]*|_Test\w*|\bCNY\b|\bhttps?:\S+|\S+@\S+"
	r"|Jiuquan Wind Power O&M \(Demo\)|Administrator|Chen Jing|SHA-256|\br\d+\b|\b[0-9a-f]{8,}\b|Kaleidoscope|Zebramargin|How (?:content|did|was) [^?\n]*"  # what surveys are planted with
)
TYPED = ("Data", "Small Text", "Text", "Long Text", "Text Editor", "Code")  # fields that hold what somebody wrote
SHOWN_IN_REPORT = ".page-head .title-text, .page-form, .report-summary, .datatable .dt-row-header, .report-view-message, .msg-box, .page-actions"
# forms and the fields of theirs that name what is ours or seeded, so that all that is offered has a Chinese name
PICKERS = {
	"service-agreement": ("calendar", "priority_matrix", "escalation_policy"),
	"clock-definition": ("commitment", "document_type"),
	"survey-rule": ("template",),
	"service-object": ("importance",),
	"issue": ("ops_urgency", "ops_importance"),
}
# a form that is drawn anew goes back to its first tab, so the field is brought forward until it is to be seen
SHOW = "name => { cur_frm.scroll_to_field(name); return cur_frm.fields_dict[name].$wrapper.is(':visible'); }"


def english(texts: list[str], *data: str) -> list[str]:
	return [words for text in texts for words in looks.english_in(DATA.sub(" ", text), *data)]


def typed(doc) -> list[str]:
	"""What somebody wrote into a record and its rows; choices are not among it."""
	found = []
	for row in (doc, *doc.get_all_children()):
		for df in row.meta.fields:
			value = str(row.get(df.fieldname) or "")
			found += [line.strip() for line in re.sub(r"<[^>]+>", "\n", value).splitlines() if df.fieldtype in TYPED]
	return [line for line in found if line]


@pytest.fixture
def walker(open_page, scene):  # noqa: F811
	manager = frappe.get_doc("User", scene.manager)
	manager.add_roles("System Manager")
	frappe.db.commit()
	page = open_page("/app/todo", user=scene.manager, password=PASSWORD, language="zh")
	yield page
	page.errors[:] = [error for error in page.errors if "/undefined)" not in error and "<rect> attribute width" not in error]


def test_reports_are_chinese_from_their_title_to_their_message(walker):
	wrong = {}
	for report in frappe.get_all("Report", {"module": "Ops Delivery"}, pluck="name", order_by="name"):
		walker.goto(f"/app/query-report/{report}")
		walker.wait_for_function("() => window.frappe?.query_report?.report_settings && !frappe.request.ajax_count")
		walker.locator(".page-form .frappe-control:visible").first.wait_for()
		walker.locator(".datatable:visible, .report-wrapper .no-report-area:visible, .msg-box:visible, .report-summary:visible").first.wait_for()
		walker.shoot(report)
		texts = walker.locator(SHOWN_IN_REPORT).evaluate_all(looks.READ)
		options = walker.locator(".page-form select option").all_inner_texts()
		if found := english([*texts, *options]):
			wrong[report] = sorted(set(found))
	assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_pickers_offer_chinese_names(walker):
	wrong = {}
	for slug, fields in PICKERS.items():
		walker.goto(f"/app/{slug}/new")
		walker.wait_for_function("() => window.cur_frm?.doc && !frappe.request.ajax_count")
		for name in fields:
			walker.wait_for_function(SHOW, arg=name, polling=500)
			field = walker.locator(f'.frappe-control[data-fieldname="{name}"] input:visible').first
			field.click()
			field.fill("")
			offered = walker.locator(f'.frappe-control[data-fieldname="{name}"] .awesomplete [role="option"]:visible')
			offered.first.wait_for()
			walker.wait_for_function("() => !frappe.request.ajax_count")
			if found := english(offered.all_inner_texts()):
				wrong[f"{slug} {name}"] = sorted(set(found))
			walker.keyboard.press("Escape")
	assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)


def test_the_dialog_of_a_picker_is_chinese(walker):
	walker.goto("/app/service-agreement/new")
	walker.wait_for_function("() => window.cur_frm?.doc && !frappe.request.ajax_count")
	walker.evaluate("() => { new frappe.ui.form.LinkSelector({doctype: 'Escalation Policy', target: cur_frm.fields_dict.escalation_policy, txt: ''}); }")
	dialog = walker.locator(".modal.show")
	dialog.locator(".link-select-row").first.wait_for()
	walker.shoot("selector")
	found = english(dialog.locator(".modal-content").evaluate_all(looks.READ))
	assert not found, found


def test_previews_of_prints_are_chinese(walker, scene):  # noqa: F811
	w = scene
	sheet = visiting.signed(visiting.world(customer=w.customer)).visit
	shown = {
		"Service Agreement": [(w.agreement.name, None)],
		"Delivery Plan": [(papers.delivery_plan(w).name, None)],
		"Optimization Plan": [(papers.optimization_plan(w).name, None), (papers.optimization_plan(w).name, "Change and Release Report")],
		"Consulting Plan": [(papers.consulting_plan(w).name, None)],
		"Consulting Report": [(papers.consulting_report(w).name, None)],
		"Field Service Sheet": [(sheet.name, None), (sheet.name, "Field Service Sheet Blank")],
		"Remote Support Session": [(papers.session(w).name, None)],
	}
	frappe.db.commit()
	wrong = {}
	for doctype, ones in shown.items():
		for name, print_format in ones:
			walker.goto(f"/app/print/{doctype}/{name}")
			walker.wait_for_function("() => cur_page?.page?.page && frappe.get_route()[0] === 'print' && !frappe.request.ajax_count")
			if print_format:
				choose = "name => $('.layout-side-section:visible [data-fieldname=print_format] input').val(name).trigger('change')"
				walker.evaluate(choose, print_format)
			frame = walker.frame_locator(".print-format-container iframe, iframe.print-format-container").first
			frame.locator(".paper").first.wait_for()
			walker.shoot(f"{doctype}-{print_format or ''}")
			texts = frame.locator("body").evaluate_all(looks.READ)
			sides = walker.locator(".layout-side-section:visible, .page-head:visible").evaluate_all(looks.READ)
			# the page reads its choice of a format as it is shown, so a format's name cannot be shown in another language
			if found := english([*texts, *sides], doctype, print_format or doctype, *typed(frappe.get_doc(doctype, name))):
				wrong[f"{doctype} by {print_format}"] = sorted(set(found))
	assert not wrong, json.dumps(wrong, ensure_ascii=False, indent=1)
