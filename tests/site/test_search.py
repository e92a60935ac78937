"""One index for all record types: found by Chinese and Latin words, by number, and only by who may read the record (5.3.f)."""

import api_calls
import customers
import deliverable_scene
import factories
import frappe
import pytest
import reviewing
import scenario

from ops_delivery.domain import search_words
from ops_delivery.services.search import entries, finding, rebuilding, types
from ops_delivery.services.shared import install_state

FIND = "ops_delivery.api.search.find"
ENTRY = entries.ENTRY


def thing(**values):
	scenario.basics()
	return factories.make("Service Object", importance="Important", **values)


def found(user, text, **more):
	answer = api_calls.post(user, FIND, text=text, **more)
	assert answer.status == 200, answer.text
	return [(row["doctype"], row["name"]) for row in frappe.parse_json(answer.text)["message"]]


@pytest.fixture
def world(site):
	w = frappe._dict(manager=reviewing.manager(), engineer=factories.make_user(roles=["Field Engineer"]).name)
	w.customer = factories.make_customer().name
	w.word = factories.unique("quagga").split(" ")[0] + factories.unique("x").split(" ")[1].replace("-", "")
	return w


@pytest.mark.committed
@pytest.mark.clause("5.3.f")
def test_records_of_all_types_are_found_by_chinese_and_latin_words(world):
	agreement = scenario.agreement(world.customer, covers_all_objects=1, title=f"运维协议 {world.word}")
	issue = scenario.issue(agreement, subject=f"核心交换机风扇故障 {world.word}", description="<p>三楼<b>断网</b>，灯不亮</p>")
	switch = thing(object_name=f"汇聚交换机 {world.word}", customer=world.customer, brand_model="RX2540 M5")
	report = deliverable_scene.document(world.manager, world.customer, title=f"巡检报告 {world.word}", content="风扇转速正常")
	frappe.db.commit()
	found_by = {text: {doctype for doctype, _name in found(world.manager, f"{text} {world.word}")} for text in ("交换机", "风扇", "断网", "2540", "协议")}
	assert found_by["交换机"] == {"Issue", "Service Object"}
	assert found_by["风扇"] == {"Issue", "Deliverable"}
	assert found_by["断网"] == {"Issue"} and found_by["2540"] == {"Service Object"} and found_by["协议"] == {"Service Agreement"}
	assert found(world.manager, issue.name)[0] == ("Issue", issue.name), "the number itself comes first"
	assert {doctype for doctype, _name in found(world.manager, world.word[:-2])} >= {"Issue", "Service Object", "Deliverable"}, "a word that is being typed"
	assert found(world.manager, f"风扇 {world.word}", doctype="Deliverable") == [("Deliverable", report.name)]
	assert found(world.manager, "%%% ()*") == [] and switch.name


@pytest.mark.committed
@pytest.mark.clause("5.3.f")
def test_a_title_comes_before_a_text_and_the_exact_title_before_all(world):
	def make(title, text=""):
		return thing(object_name=title, customer=world.customer, description=text).name
	in_text, longer, exact = make(f"甲 {world.word}1", f"打印服务器 {world.word}"), make(f"打印服务器 {world.word} 备机"), make(f"打印服务器 {world.word}")
	frappe.db.commit()
	assert [name for _doctype, name in found(world.manager, f"打印服务器 {world.word}")] == [exact, longer, in_text]


@pytest.mark.committed
@pytest.mark.clause("5.3.f")
def test_an_archived_file_is_found_by_its_name_and_a_destroyed_one_is_not(world):
	file = deliverable_scene.upload(world.manager, f"-{world.word}-割接方案.pdf")
	doc = deliverable_scene.document(world.manager, world.customer, files=[{"file": file.file_url}])
	doc.db_set({"status": "Archived"})
	frappe.db.commit()
	assert found(world.manager, f"割接 {world.word}") == [("Deliverable", doc.name)]
	doc.db_set({"status": "Destroyed"})
	assert entries.rows_of("Deliverable", [doc.name]) == []
	entries.on_update(frappe.get_doc("Deliverable", doc.name))


@pytest.mark.committed
@pytest.mark.clause("5.3.f")
def test_nobody_finds_what_they_may_not_read(world):
	doc = deliverable_scene.document(world.manager, world.customer, title=f"Secret plan {world.word}")
	other = factories.make_customer().name
	for n in range(5):
		thing(object_name=f"Secret {n} {world.word}", customer=world.customer)
	frappe.db.commit()
	assert len(found(world.manager, world.word)) == 6 and ("Deliverable", doc.name) in found(world.engineer, world.word)
	factories.make("User Permission", user=world.engineer, allow="Customer", for_value=other)
	frappe.db.commit()
	frappe.clear_cache(user=world.engineer)
	assert found(world.engineer, world.word) == [], "another customer's"
	nobody = factories.make_user(roles=["Employee"]).name
	frappe.db.commit()
	assert ("Deliverable", doc.name) not in found(nobody, world.word)
	customer = customers.portal_user(world.customer)
	for user in (customer, "Guest"):
		answer = api_calls.post(user, FIND, text=world.word)
		assert answer.status == 403 and world.word not in answer.text
	answer = api_calls.post(world.manager, "frappe.client.get_list", doctype=ENTRY, fields='["title"]')
	assert answer.status == 403 or world.word not in answer.text, "the index itself is nobody's to read"


@pytest.mark.committed
@pytest.mark.clause("5.3.f")
def test_what_is_not_seen_does_not_push_out_what_is(world, monkeypatch):
	monkeypatch.setattr(finding, "LOOKED_AT", 5)
	other = factories.make_customer().name
	for n in range(12):
		thing(object_name=f"{world.word} {n}", customer=other)
	mine = thing(object_name=f"a long name that fits less {world.word}", customer=world.customer)
	factories.make("User Permission", user=world.engineer, allow="Customer", for_value=world.customer)
	frappe.db.commit()
	frappe.clear_cache(user=world.engineer)
	assert found(world.engineer, world.word) == [("Service Object", mine.name)]


@pytest.mark.clause("5.3.f")
def test_the_index_follows_changes_names_and_deletions(world):
	doc = thing(object_name="Alpha", customer=world.customer)
	def entry():
		return frappe.db.get_value(ENTRY, {"document_type": "Service Object", "document_name": doc.name}, ["title", "title_words", "modified"], as_dict=True)
	assert entry().title == "Alpha" and "xxalpha" in entry().title_words
	assert frappe.db.count(ENTRY, {"document_name": doc.name}) == 1
	doc.object_name = "Beta"
	doc.save()
	assert entry().title == "Beta" and "xxalpha" not in entry().title_words and frappe.db.count(ENTRY, {"document_name": doc.name}) == 1
	old = doc.name
	frappe.rename_doc("Service Object", old, "OBJ-RENAMED-1", force=True)
	assert not frappe.db.exists(ENTRY, {"document_name": old}) and frappe.db.exists(ENTRY, {"document_name": "OBJ-RENAMED-1"})
	frappe.delete_doc("Service Object", "OBJ-RENAMED-1", force=True)
	assert not frappe.db.exists(ENTRY, {"document_name": "OBJ-RENAMED-1"})


def test_a_save_that_changes_nothing_of_it_costs_no_query(world):
	doc = thing(object_name="Alpha", customer=world.customer)
	doc = frappe.get_doc("Service Object", doc.name)
	doc.load_doc_before_save()
	asked, sql = [], frappe.db.sql
	frappe.db.sql = lambda query, *args, **kwargs: asked.append(str(query)) or sql(query, *args, **kwargs)
	try:
		entries.on_update(doc)
	finally:
		del frappe.db.sql
	assert asked == []


def test_an_issue_that_is_not_ours_is_not_in_the_index(as_installed, world):
	issue = factories.make_issue(world.customer)
	assert not frappe.db.exists(ENTRY, {"document_type": "Issue", "document_name": issue.name})


@pytest.mark.clause("5.3.f")
def test_making_the_index_anew_goes_on_where_it_was_killed(world, monkeypatch):
	thing(object_name="Alpha", customer=world.customer)
	for n in range(5):
		thing(object_name=f"Further {n}", customer=world.customer)
	frappe.db.delete(ENTRY)
	monkeypatch.setattr(rebuilding, "BATCH", 2)
	install_state.remember(rebuilding.KEY, {})  # as the patch of an upgrade may have begun it here
	state = rebuilding.begin()
	assert state["running"] and state["total"] > 2
	write, turns = entries.write, []

	def killed(rows):
		if len(turns) == 2:
			raise KeyboardInterrupt
		turns.append(1)
		write(rows)

	monkeypatch.setattr(entries, "write", killed)
	with pytest.raises(KeyboardInterrupt):
		rebuilding.run()
	there = rebuilding.state()
	assert there["running"] and 0 < there["done"] <= 4 and rebuilding.begin()["done"] == there["done"], "it is not begun anew"
	monkeypatch.setattr(entries, "write", write)
	rebuilding.run()
	done = rebuilding.state()
	assert not done["running"] and done["done"] == done["total"] and done["ended"]
	for doctype in ("Service Object", "Help Article"):
		assert frappe.db.count(ENTRY, {"document_type": doctype}) == frappe.db.count(doctype)


def test_a_daily_run_puts_in_what_is_missing_and_takes_out_what_is_gone(world):
	install_state.remember(rebuilding.KEY, {})
	rebuilding.catch_up()
	doc = thing(object_name="Alpha", customer=world.customer)
	gone = thing(object_name="Beta", customer=world.customer)
	entries.forget("Service Object", [doc.name])
	frappe.db.delete("Service Object", {"name": gone.name})
	assert rebuilding.catch_up() == 1
	assert frappe.db.exists(ENTRY, {"document_name": doc.name}) and not frappe.db.exists(ENTRY, {"document_name": gone.name})


def test_only_who_administers_the_site_makes_it_anew(world):
	answer = api_calls.post(world.manager, "ops_delivery.api.search.rebuild")
	assert answer.status == 403
	administrator = factories.make_user(roles=["System Manager"]).name
	assert api_calls.post(administrator, "ops_delivery.api.search.rebuild").status == 200


@pytest.mark.clause("5.3.f")
def test_the_question_is_answered_by_the_fulltext_index_and_with_few_queries(world):
	asked, sql = [], frappe.db.sql
	frappe.db.sql = lambda query, *args, **kwargs: asked.append((str(query), args)) or sql(query, *args, **kwargs)
	try:
		finding.candidates(search_words.asked("风扇 fan"), ["Issue", "Deliverable"])
	finally:
		del frappe.db.sql
	assert len(asked) == 2
	for query, args in asked:
		plan = frappe.db.sql(f"explain {query}", *args, as_dict=True)
		assert plan[0]["type"] == "fulltext" and plan[0]["key"] in ("ops_title", "ops_words"), plan
	settings = dict(frappe.db.sql("show variables like 'innodb_ft_%'"))
	assert settings["innodb_ft_min_token_size"] == "3", "the server's own default"


def test_what_is_searched_are_fields_that_everybody_with_the_record_reads():
	for doctype, searched in types.TYPES.items():
		meta = frappe.get_meta(doctype)
		for field in searched.columns:
			assert field == "name" or (meta.has_field(field) and not meta.get_field(field).permlevel), (doctype, field)
