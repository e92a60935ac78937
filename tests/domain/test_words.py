"""The Chinese of ours, read without a site: one word for one thing, a context where a key means two, no English left."""

import ast
import csv
import importlib.util
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

APP = Path(__file__).parents[2] / "ops_delivery"
OURS, HOSTS = APP / "translations" / "zh.csv", APP / "setup" / "host_words.csv"
OWN = "Ops Delivery"  # the context of a word of ours in code, where the host's dictionary has another one
LABELS = ("label", "chart_name", "title", "dashboard_name", "report_name", "description")
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)s|%s|<[^>]+>")

# key -> the contexts it is asked with; "" is without one. Every one of them has a line of its own, and code asks with no other.
TWO_MEANINGS = {
	"closed": {"": "已关闭", "Service Calendar": "休息"},
	"Record": {"": "记录", "Button": "登记"},
	"Decline": {"": "谢绝", "Field Service Request": "不授权"},
	"Earlier": {"": "此前", "Dispatch Board": "往前"},
	"Late": {"": "延误", "Field Service Sheet": "迟到"},
	"Judged": {"": "甄别", "Issue": "甄别结果"},
	"Findings": {"": "发现", "Service Complaint": "调查情况"},
	"Desk": {OWN: "站内通知", "Escalation Log Recipient": "站内通知", "Service Signature": "工作台"},
	"Name": {
		OWN: "姓名",
		"Checklist Template": "名称",
		"Service Signature": "姓名",
		"Field Service Engineer": "姓名",
	},
	"Position": {OWN: "职务", "Service Signature": "职务"},
	"State": {OWN: "状态", "Service Agreement Agreed Part": "状态", "Field Service Request": "状态"},
	"Source": {OWN: "来源", "Delivery Plan Fund": "来源"},
	"Step": {"Escalation Step": "步骤", "Optimization Step": "步骤"},
	"Responsible": {"Delivery Plan Duty": "执行", "Consulting Plan Step": "负责人"},
	"To": {OWN: "至", "Service Acceptance Notice": "收件人"},
	"Minutes": {"Service Review": "纪要", "Optimization Rollback Step": "用时（分钟）"},
	"Serious": {"Service Complaint": "较重"},
	"Complaint": {OWN: "投诉", "Service Complaint": "投诉内容"},
	"Customer": {OWN: "需方", "Service Review": "需方"},
	"Supplier": {OWN: "供方", "Service Signature": "供方"},
	"{0} of {1}": {OWN: "{1} 的{0}"},
}
# words of the host that we ask for as it has them, the same in every version
AS_THE_HOST_SAYS = set(
	"""Actions|Add|Assignment Rule|Close|Complete|Contact|Continue|Create|Customer|Day|Email Addresses|Field|Item|Link|Links
	|Notification|Open {0}|Pause|Reason|Refresh|Reopen|Reports|Resolve|Role|Run Jobs only Daily if Inactive For (Days)|Save
	|Services|Submitted|View|Week|Workflow|{0} hours| or """.replace("\n\t", "").split("|")
)
# what stays as it is written: names, signs of formulas and code, units, file kinds
LATIN = set(
	"""ERPNext SLA PDF IMAP Frappe Helpdesk HD Ticket Python API UTC MB ID SHA JPEG PNG HEIC ITIL UserID WeasyPrint Unix Outlook HTML ops_delivery docs/host.md
	chinesecalendar holidays Customer common_site_config.json api/method max min round abs if else and
	target value score fee rewards penalties doc doc.status doc.budget doc.customer doc.priority old log clock
	CSV JSON UTF Alertmanager webhook Content Type Word Excel
	RFC FREQ WEEKLY BYDAY MO TH UNTIL COUNT BYSETPOS BYMONTHDAY BYMONTH INTERVAL
	MONTHLY YEARLY RRULE TU WE FR
	docx docm dotx docxtpl python docx LibreOffice libreoffice writer nogui for elif endif endfor row in table tr tc p loop default length lower trim upper
	first_response_attainment survey_score Urgent On Hold R A C I M m h ms a b t d""".split()
)
# machine Chinese, or a second word for what has one
NOT_SO = {
	"抱怨": "投诉",
	"不服务": "休息",
	"负责任的": "执行",
	"脚步": "步骤",
	"谈妥人": "确认人",
	"学生 t": "t 分布",
	"没有意义": "不足以说明问题",
	"范本": "模板",
	"交付物": "交付成果",
	"升级日志": "升级记录",
	"服务告知": "服务通知",
	"巡查": "扫描",
	"员工": "供方人员",
	"申请": "请求",
	"满意度征询": "满意度调查",
	"账龄": "积压时长",
	"植入": "导入",
	"问责": "负总责",
	"分辨率": "解决截止时间",
	"发行类型": "问题类型",
}
ALLOWED_SO = {
	"员工": {  # ERPNext's own Employee
		"Filled in from the employee or user; type a name for somebody who is neither",
		"Taken from the employee where one is linked",
		"no employee record: reporting line not known",
		"{0} is not the user of an active Employee. Create the Employee with this User ID, or take the row out.",
		"Employee",
	}
}
# Frappe's own daily words, seen wrong or untranslated where they meet our users
PUT_RIGHT = {
	("Resolution By", "Issue"): "解决截止时间",
	("Issue Type", ""): "问题类型",
	("Replied", "Issue"): "已回复",
	("Complaint", ""): "投诉",
	("{0} m", ""): "{0} 分钟",
	("m", "Minutes (Field: Duration)"): "分钟",
	("Minutes", "Duration"): "分钟",
	("Jump to field", ""): "跳转到字段",
	("Connections", ""): "关联",
	("Filters", ""): "筛选条件",
	("Comments", ""): "评论",
	("State", ""): "状态",
	("Step", ""): "步骤",
	("Steps", ""): "步骤",
	("Source", ""): "来源",
	("Responsible", ""): "负责人",
	("Like", ""): "包含",
	("Edit Full Form", ""): "打开完整表单",
	("Page {0} of {1}", ""): "第 {0} 页，共 {1} 页",
	("To Date", ""): "结束日期",
	("Draft", ""): "草稿",
	("Cancelled", ""): "已取消",
}


@cache
def _lines(path: Path) -> dict[tuple[str, str], str]:
	with path.open(encoding="utf-8", newline="") as file:
		return {(row[0], row[2] if len(row) > 2 else ""): row[1] for row in csv.reader(file)}


@cache
def _uses() -> dict[tuple[str, str], list[str]]:
	"""(key, context) -> where it is asked for. A context that only the running code knows is "?"."""
	found = defaultdict(list)
	for path in sorted((APP / "ops_delivery").rglob("*.json")):
		content = json.loads(path.read_text(encoding="utf-8"))
		if isinstance(content, dict) and content.get("doctype") == "DocType":
			found[content["name"], ""].append(path.name)
			_of_fields(found, content["name"], content["fields"])
		elif isinstance(content, dict):
			_of_labels(found, content, path.name)
	spec = importlib.util.spec_from_file_location("custom_fields", APP / "custom_fields.py")
	module = importlib.util.module_from_spec(spec)
	spec.loader.exec_module(module)
	for doctype, fields in module.CUSTOM_FIELDS.items():
		_of_fields(found, doctype, fields)
	for path, node in _calls():
		key = node.args[0]
		if isinstance(key, ast.Constant) and isinstance(key.value, str):
			found[key.value, _context_of(node)].append(f"{path.name}:{node.lineno}")
	pages = [path for kind in ("*.js", "*.html") for path in APP.rglob(kind) if "dist" not in path.parts]
	for path in sorted(pages):
		for key, context in _asked_in(path.read_text(encoding="utf-8")):
			found[key, context].append(path.name)
	for path in sorted((APP / "setup").glob("*notic*.py")) + [APP / "setup" / "notifications.py"]:
		for key, context in _asked_in(path.read_text(encoding="utf-8")):
			found[key, context].append(path.name)
	return {use: places for use, places in found.items() if _speaks(use[0])}


def _calls():
	"""(file, call) of every `_(…)` in our Python."""
	for path in sorted(APP.rglob("*.py")):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_" and node.args:
				yield path, node


def _of_fields(found, doctype: str, fields) -> None:
	for field in fields:
		for text in (field.get("label"), field.get("description")):
			if text:
				found[text, doctype].append(f"{doctype}.{field['fieldname']}")
		if field["fieldtype"] == "Select":
			for choice in filter(None, (field.get("options") or "").split("\n")):
				found[choice, doctype].append(f"{doctype}.{field['fieldname']}")


def _of_labels(found, value, place: str) -> None:
	if isinstance(value, dict):
		for key, inner in value.items():
			if key in LABELS and isinstance(inner, str) and inner:
				found[inner, ""].append(place)
			else:
				_of_labels(found, inner, place)
	elif isinstance(value, list):
		for inner in value:
			_of_labels(found, inner, place)


def _context_of(call: ast.Call) -> str:
	for keyword in call.keywords:
		if keyword.arg == "context":
			return keyword.value.value if isinstance(keyword.value, ast.Constant) else "?"
	return ""


def _asked_in(text: str):
	"""`_("…", context="…")` of templates and `__("…", …, "…")` of scripts."""
	string = r'"((?:[^"\\]|\\.)*)"'
	for match in re.finditer(
		rf"(?<![\w_])_\(\s*{string}\s*(?:,\s*context\s*=\s*(?:{string}|([\w.]+)))?", text
	):
		yield match[1].replace('\\"', '"'), match[2] or ("?" if match[3] else "")
	for match in re.finditer(rf"\b__\(\s*{string}", text):
		arguments, depth = [""], 0
		for sign in text[match.end() : match.end() + 400]:
			depth += (sign in "([{") - (sign in ")]}")
			if depth < 0:
				break
			if sign == "," and not depth:
				arguments.append("")
			else:
				arguments[-1] += sign
		context = arguments[2].strip() if len(arguments) > 2 else ""
		yield (
			match[1].replace('\\"', '"'),
			context.strip('"') if context.startswith('"') else ("?" if context else ""),
		)


def _speaks(text: str) -> bool:
	bare = PLACEHOLDER.sub("", text)
	return bool(re.search(r"[A-Za-z]{2}", bare)) and not re.fullmatch(
		r"[a-z_./:-]+_[a-z_./:-]+|fa fa-[\w-]+", bare.strip()
	)


def test_each_word_asked_for_is_in_our_own_dictionary():
	"""Whatever Frappe and ERPNext call it in this or that version, and whatever is switched on."""
	lines = _lines(OURS)
	bare = {key for key, _context in lines}
	missing = {
		use: places
		for use, places in _uses().items()
		if use[0] not in AS_THE_HOST_SAYS
		and use not in lines
		and (use[0].strip(), "") not in lines
		and not (use[1] == "?" and use[0] in bare)
		and not use[0].startswith("ops_")
	}
	assert not missing, "\n".join(
		f"{key!r} in {context or 'no'} context: {places[0]}" for (key, context), places in missing.items()
	)


@pytest.mark.parametrize("key", TWO_MEANINGS)
def test_a_key_of_two_meanings_has_a_line_for_each_and_is_asked_for_with_its_context(key):
	lines, wanted = _lines(OURS), TWO_MEANINGS[key]
	assert {context: lines.get((key, context)) for context in wanted} == wanted
	asked = [
		place
		for (text, context), places in _uses().items()
		for place in places
		if text == key
		and not context
		and not place.endswith(".json")  # a workspace names the host's own record
	]
	assert "" in wanted or not asked, f"without a context: {asked}"


def test_what_is_serious_and_what_is_critical_are_two_words():
	lines = _lines(OURS)
	words = [
		lines.get((word, "Service Complaint")) or lines[word, ""]
		for word in ("Ordinary", "Serious", "Critical")
	]
	assert len(set(words)) == 3, words


def test_the_label_of_a_field_is_asked_for_with_its_doctype():
	"""Frappe's forms do so; without it the word falls back on the host's meaning."""
	bare = []
	for path, node in _calls():
		asked = ast.unparse(node.args[0])
		if ".get_label(" in asked and not _context_of(node):
			bare.append(f"{path.name}:{node.lineno} {asked}")
	assert not bare, "\n".join(bare)


def test_what_frappe_shows_without_saying_whose_it_is_has_a_line_without_context():
	"""The hint of a table or a section, and the field by which a list is sorted."""
	known = {key for key, context in _lines(OURS) if not context} | {"Rank"}  # the host has a word of its own for it
	missing = []
	for path in sorted(APP.glob("ops_delivery/doctype/*/*.json")):
		doc = json.loads(path.read_text())
		for field in doc.get("fields", ()):
			hint = field.get("description") if field["fieldtype"] in ("Table", "Table MultiSelect", "Section Break") else None
			sorts = field["label"] if field["fieldname"] == doc.get("sort_field") and not doc.get("istable") else None
			missing += [(doc["name"], text) for text in (hint, sorts) if text and text not in known]
	assert not missing


def test_the_label_of_a_tab_is_shown_in_our_sense():
	"""15 translates it without its DocType: where we have a word with that context only, form_words.js says it."""
	script, lines = (APP / "public" / "js" / "form_words.js").read_text(encoding="utf-8"), _lines(OURS)
	listed = script.split("const TABS = [")[1].split("]")[0]
	for path in sorted((APP / "ops_delivery" / "doctype").rglob("*.json")):
		content = json.loads(path.read_text(encoding="utf-8"))
		for field in content.get("fields", ()):
			if field["fieldtype"] == "Tab Break" and field.get("label") and (field["label"], "") not in lines:
				assert '"' + content["name"] + '"' in listed, (content["name"], field["label"])


@pytest.mark.parametrize("path", [OURS, HOSTS], ids=lambda path: path.name)
def test_no_english_is_left_in_a_chinese_line(path):
	left = {}
	for (key, _context), said in _lines(path).items():
		words = set(re.findall(r"[A-Za-z][A-Za-z_./]*[A-Za-z]|[A-Za-z]", PLACEHOLDER.sub("", said)))
		if words - LATIN:
			left[key] = words - LATIN
	assert not left


@pytest.mark.parametrize("path", [OURS, HOSTS], ids=lambda path: path.name)
def test_one_thing_has_one_word(path):
	found = [
		f"{key!r}: {said} ({bad}: {good})"
		for (key, _context), said in _lines(path).items()
		for bad, good in NOT_SO.items()
		if bad in said and key not in ALLOWED_SO.get(bad, ())
	]
	assert not found, "\n".join(found)


def test_a_state_has_one_name_in_each_doctype():
	"""No two choices of one field share a Chinese word."""
	lines, same = _lines(OURS), []
	for path in sorted((APP / "ops_delivery" / "doctype").rglob("*.json")):
		content = json.loads(path.read_text(encoding="utf-8"))
		for field in content.get("fields", ()):
			if field["fieldtype"] != "Select":
				continue
			choices = [choice for choice in (field.get("options") or "").split("\n") if choice]
			said = [
				lines.get((choice, content["name"])) or lines.get((choice, ""), choice) for choice in choices
			]
			same += [f"{content['name']}.{field['fieldname']}: {said}"] if len(set(said)) < len(said) else []
	assert not same, "\n".join(same)


@pytest.mark.parametrize("word", PUT_RIGHT, ids=lambda word: ":".join(filter(None, word)))
def test_a_daily_word_of_the_host_is_put_right(word):
	assert _lines(HOSTS).get(word) == PUT_RIGHT[word]


def test_the_hosts_words_stand_apart_from_ours():
	"""They are part of what is switched on; none of them may come in by our own file."""
	assert not set(_lines(HOSTS)) & set(_lines(OURS))
	with HOSTS.open(encoding="utf-8", newline="") as file:
		rows = list(csv.reader(file))
	assert all(len(row) in (2, 3) and all(cell.strip() for cell in row) for row in rows)
	assert len(_lines(HOSTS)) == len(rows), "a word stands there twice"
	assert all(
		sorted(re.findall(r"\{[^{}]*\}", row[0])) == sorted(re.findall(r"\{[^{}]*\}", row[1])) for row in rows
	)
