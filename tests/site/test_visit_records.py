"""What a visit leaves behind in ERPNext: time sheets and stock entries (7.2.d.3, 7.3.d.3)."""

from datetime import timedelta

import factories
import frappe
import pytest
import visiting
from reviewing import user
from visiting import END, START, key

from ops_delivery.services.visits import erpnext_records as visit_records
from ops_delivery.services.visits import hours as visit_hours
from ops_delivery.services.visits import parts as visit_parts
from ops_delivery.services.visits.types import SESSION, SHEET

CLAUSES = pytest.mark.clause("7.2.d.3", "7.3.d.3")


def settings(**values):
	for field, value in values.items():
		frappe.db.set_single_value("Ops Delivery Settings", field, value)
	frappe.clear_document_cache("Ops Delivery Settings", "Ops Delivery Settings")


@pytest.fixture(autouse=True)
def activities(site):
	for field, name in {"activity_onsite": "A", "activity_travel": "B", "activity_remote": "C"}.items():
		activity = factories.make("Activity Type", activity_type=factories.unique(name)).name
		settings(**{field: activity})
	settings(visit_timesheets="Offered", visit_stock_entries="Offered", visit_stock_submit=0)


def employed(w):
	"""Both engineers are employees; one of them types her hours in."""
	for name in (w.engineer, w.second):
		factories.make_employee(name)
	frappe.get_doc("User", w.engineer).add_roles("Projects User", "Stock User")
	return w


def over(doctype=SHEET, **values):
	"""A visit that is over, with the hours of two engineers who are employees."""
	w = employed(visiting.world(doctype, **values))
	first = {"from_time": START, "to_time": END, "work_hours": 1.5}
	w.visit.engineers[0].update({**first, **({"travel_hours": 1} if doctype == SHEET else {})})
	w.visit.append("engineers", {"user": w.second, "from_time": START, "to_time": "2026-03-02 10:00:00"})
	w.visit.save()
	return visiting.over(w)


def logs(name):
	sheet = frappe.get_doc("Timesheet", name)
	return [(row.activity_type, str(row.from_time), round(row.hours, 3)) for row in sheet.time_logs]


def activity(field):
	return frappe.db.get_single_value("Ops Delivery Settings", field)


@CLAUSES
@pytest.mark.parametrize("doctype", [SHEET, SESSION])
def test_each_engineer_gets_one_timesheet_with_travel_and_work(site, doctype):
	w = over(doctype)
	with user(w.engineer):
		made = visit_records.make_timesheets(*key(w.visit))
		assert visit_records.make_timesheets(*key(w.visit)) == []  # a second tap
	assert len(made) == 2
	first = logs(made[0])
	if doctype == SHEET:
		assert first == [
			(activity("activity_travel"), "2026-03-02 08:00:00", 1),
			(activity("activity_onsite"), "2026-03-02 09:00:00", 1.5),
		]
	else:
		assert first == [(activity("activity_remote"), "2026-03-02 09:00:00", 1.5)]
	sheet = frappe.get_doc("Timesheet", made[0])
	assert (sheet.ops_visit_type, sheet.ops_visit, sheet.docstatus) == (doctype, w.visit.name, 0)
	assert sheet.employee == frappe.db.get_value("Employee", {"user_id": w.engineer})
	shown = visit_records.shown(visiting.fresh(w.visit))
	assert [row["name"] for row in shown["timesheets"]] == made and not shown["may_time"]
	from frappe.desk.notifications import get_open_count

	found = get_open_count(doctype, w.visit.name)["count"]["external_links_found"]
	assert [row["count"] for row in found if row["doctype"] == "Timesheet"] == [2]


@CLAUSES
def test_a_timesheet_that_goes_leaves_room_for_another_and_never_two(site):
	w = over()
	with user(w.engineer):
		made = visit_records.make_timesheets(*key(w.visit))
	frappe.delete_doc("Timesheet", made[1])
	submitted = frappe.get_doc("Timesheet", made[0])
	submitted.submit()
	submitted.cancel()
	with user(w.engineer):
		again = visit_records.make_timesheets(*key(w.visit))
	assert len(again) == 2
	amended = frappe.copy_doc(submitted)
	amended.update(
		{"docstatus": 0, "amended_from": submitted.name, "ops_visit_type": SHEET, "ops_visit": w.visit.name}
	)
	with pytest.raises(frappe.ValidationError, match=again[0]):
		amended.insert()


@CLAUSES
def test_a_timesheet_carries_the_project_and_the_task(site):
	project = factories.make("Project", project_name=factories.unique("Roll-out")).name
	task = factories.make("Task", subject=factories.unique("Replace"), project=project).name
	w = over(reference_doctype="Task", reference_name=task)
	with user(w.engineer):
		made = visit_records.make_timesheets(*key(w.visit))
	sheet = frappe.get_doc("Timesheet", made[0])
	assert sheet.parent_project == project
	assert {(row.project, row.task) for row in sheet.time_logs} == {(project, task)}


@CLAUSES
def test_a_refusal_says_the_way_out_and_leaves_nothing_half_made(site):
	w = visiting.world()
	with user(w.engineer), pytest.raises(visit_hours.NotPossible, match="once it is"):
		visit_records.make_timesheets(*key(w.visit))
	w.visit.append("engineers", {"user": w.second})
	w.visit.engineers[0].update({"from_time": START, "to_time": END})
	w.visit.save()
	w = visiting.over(w)
	factories.make_employee(w.engineer)
	frappe.get_doc("User", w.engineer).add_roles("Projects User")
	doc = w.visit
	with user(w.engineer):
		with pytest.raises(visit_hours.NotPossible, match=r"row 2.*active Employee"):
			visit_records.make_timesheets(*key(doc))
		frappe.db.delete("Timesheet", {"ops_visit": doc.name})  # as the request's rollback does
		factories.make_employee(w.second)
		with pytest.raises(frappe.ValidationError, match=r"row 2.*missing"):
			visit_records.make_timesheets(*key(doc))
		doc.reload()
		doc.engineers[1].update({"from_time": doc.arrived_on, "work_hours": 0.5})
		doc.save()
		settings(activity_onsite=None)
		with pytest.raises(visit_hours.NotPossible, match="Activity on site"):
			visit_records.make_timesheets(*key(doc))
		settings(visit_timesheets="Never")
		with pytest.raises(visit_hours.NotPossible, match="Never"):
			visit_records.make_timesheets(*key(doc))


@CLAUSES
def test_overlapping_hours_are_refused_with_the_row(site):
	w = over()
	factories.make(
		"Timesheet",
		employee=frappe.db.get_value("Employee", {"user_id": w.second}),
		time_logs=[{"from_time": "2026-03-02 09:30:00", "to_time": "2026-03-02 12:00:00", "hours": 2.5}],
	)
	with user(w.engineer), pytest.raises(visit_hours.NotPossible, match=r"row 2.*overlap"):
		visit_records.make_timesheets(*key(w.visit))


@CLAUSES
def test_hours_are_filled_in_at_leaving(site):
	w = visiting.present(visiting.world())
	frappe.db.set_value(
		SHEET,
		w.visit.name,
		{"departed_on": w.visit.arrived_on - timedelta(minutes=90)},
	)
	w.visit = visiting.fresh(w.visit)
	visit_hours.note(w.visit)
	assert w.visit.engineers[0].travel_hours == 1.5


# Parts


@pytest.fixture
def store(site):
	return frappe.db.get_value(
		"Warehouse", {"company": factories.company(), "is_group": 0, "warehouse_name": "Stores"}
	)


def item(store, quantity=5, **values):
	code = factories.make(
		"Item",
		item_code=factories.unique("Switch"),
		item_group=frappe.db.get_value("Item Group", {"is_group": 0}),
		stock_uom="Nos",
		is_stock_item=1,
		**values,
	).name
	if quantity:
		from erpnext.stock.doctype.stock_entry.stock_entry_utils import make_stock_entry

		make_stock_entry(
			item_code=code, qty=quantity, to_warehouse=store, rate=120, company=factories.company()
		)
	return code


def used(w, *parts):
	with user(w.engineer):
		doc = visiting.fresh(w.visit)
		for part in parts:
			doc.append("parts", {"description": "Part", "quantity": 3, **part})
		doc.save()
	w.visit = visiting.fresh(doc)
	return w


@CLAUSES
def test_used_parts_leave_the_store_and_cost(site, store):
	code = item(store)
	w = visiting.left(
		used(visiting.world(), {"item_code": code, "used": 2, "warehouse": store}, {"quantity": 1})
	)
	employed(w)
	assert [row.taken_back for row in w.visit.parts] == [1, 1]
	with user(w.engineer):
		name = visit_records.issue_parts(w.visit.name)
		assert visit_records.issue_parts(w.visit.name) is None  # a second tap
	entry = frappe.get_doc("Stock Entry", name)
	assert (entry.purpose, entry.docstatus, entry.ops_sheet) == ("Material Issue", 0, w.visit.name)
	assert [(row.item_code, row.qty, row.s_warehouse) for row in entry.items] == [(code, 2, store)]
	assert not visiting.fresh(w.visit).parts[0].amount
	entry.submit()
	assert visiting.fresh(w.visit).parts[0].amount == 240
	# the customer's signature still holds: the cost is no part of what was signed
	assert visiting.signatures_valid(w.visit)
	entry.cancel()
	assert not visiting.fresh(w.visit).parts[0].amount
	with user(w.engineer):
		again = visit_records.issue_parts(w.visit.name)
	twice = frappe.copy_doc(frappe.get_doc("Stock Entry", again))
	twice.update({"ops_sheet": w.visit.name})
	twice.items[0].ops_part = w.visit.parts[0].name
	with pytest.raises(frappe.ValidationError, match="Lower the quantity"):
		twice.insert()
	frappe.delete_doc("Stock Entry", again)
	assert visit_parts.to_issue(visiting.fresh(w.visit))


@CLAUSES
def test_a_part_without_warehouse_takes_the_settings_one_or_is_refused(site, store):
	code = item(store)
	w = visiting.over(used(visiting.world(), {"item_code": code, "used": 1}))
	employed(w)
	settings(visit_warehouse=None)
	with user(w.engineer):
		with pytest.raises(visit_hours.NotPossible, match=r"row 1.*no warehouse"):
			visit_records.issue_parts(w.visit.name)
		settings(visit_warehouse=store)
		name = visit_records.issue_parts(w.visit.name)
	assert frappe.get_doc("Stock Entry", name).items[0].s_warehouse == store


@CLAUSES
def test_what_erpnext_refuses_comes_with_the_row(site, store):
	code, other = item(store, quantity=1), item(store)
	w = visiting.over(
		used(
			visiting.world(),
			{"item_code": other, "used": 1, "warehouse": store},
			{"item_code": code, "used": 3, "warehouse": store},
		)
	)
	employed(w)
	settings(visit_stock_submit=1)
	with user(w.engineer), pytest.raises(visit_hours.NotPossible, match="row 2"):
		visit_records.issue_parts(w.visit.name)


@CLAUSES
def test_serial_numbers_and_batches_are_those_of_the_item(site, store):
	if frappe.get_meta("Stock Settings").has_field("enable_serial_and_batch_no_for_item"):  # ERPNext 16
		frappe.db.set_single_value("Stock Settings", "enable_serial_and_batch_no_for_item", 1)
	code = item(store, 0, has_serial_no=1, serial_no_series=f"{frappe.generate_hash(length=5)}-.###")
	other = item(store, 0, has_serial_no=1, serial_no_series=f"{frappe.generate_hash(length=5)}-.###")
	from erpnext.stock.doctype.stock_entry.stock_entry_utils import make_stock_entry

	for serialised in (code, other):
		make_stock_entry(
			item_code=serialised, qty=3, to_warehouse=store, rate=50, company=factories.company()
		)
	mine = frappe.get_all("Serial No", {"item_code": code}, pluck="name", order_by="name")
	theirs = frappe.get_all("Serial No", {"item_code": other}, pluck="name", order_by="name")
	w = visiting.world()
	part = {"item_code": code, "used": 2, "warehouse": store}
	for serials, said in (
		("NOT-THERE\n" + mine[0], "not known"),
		(theirs[0] + ", " + mine[0], "belongs to item"),
		(mine[0], "but 1 serial"),
		(f"{mine[0]},{mine[0]}", "listed twice"),
	):
		with pytest.raises(frappe.ValidationError, match=f"row 1.*{said}"):
			used(w, {**part, "serial_no": serials})
	batch = factories.make(
		"Batch", item=item(store, 0, has_batch_no=1), batch_id=frappe.generate_hash(length=8)
	).name
	with pytest.raises(frappe.ValidationError, match="batch"):
		used(w, {**part, "serial_no": "\n".join(mine[:2]), "batch_no": batch})
	w = visiting.over(used(w, {**part, "serial_no": f"{mine[0]}, {mine[2]}"}))
	employed(w)
	settings(visit_stock_submit=1)
	with user(w.engineer):
		visit_records.issue_parts(w.visit.name)
	stores = dict(frappe.get_all("Serial No", {"item_code": code}, ["name", "warehouse"], as_list=True))
	assert [bool(stores[serial]) for serial in mine] == [False, True, False]
	assert visiting.fresh(w.visit).parts[0].amount == 100


@CLAUSES
def test_both_are_made_by_themselves_when_the_setting_says_so(site, store, jobs):
	settings(visit_timesheets="Made when Left", visit_stock_entries="Made when Left", visit_stock_submit=1)
	code = item(store, quantity=1)
	w = used(visiting.world(), {"item_code": code, "used": 3, "warehouse": store})
	with user(w.engineer):
		doc = visiting.fresh(w.visit)
		doc.append("engineers", {"user": w.second, "from_time": "2026-03-02 09:00:00", "work_hours": 2})
		doc.save()
	factories.make_employee(w.second)
	w = visiting.over(w)
	visit_records.make_by_itself(*key(w.visit))
	visit_records.make_by_itself(*key(w.visit))
	assert len(visit_hours.timesheets(w.visit)) == 1  # the other engineer is no employee
	entries = visit_parts.entries(w.visit)
	assert [entry.docstatus for entry in entries] == [0]  # one only in store: the draft waits for it
	notes = frappe.get_all(
		"Comment", {"reference_name": w.visit.name, "comment_type": "Info"}, pluck="content"
	)
	assert len([text for text in notes if "active Employee" in text]) == 1
	assert len([text for text in notes if "Stock Entry" in text]) == 1


@CLAUSES
def test_leaving_asks_for_what_is_made_by_itself(site, jobs):
	settings(visit_timesheets="Made when Left", visit_stock_entries="Never")
	w = visiting.world()
	factories.make_employee(w.engineer)
	visiting.left(w)
	assert not visit_hours.timesheets(w.visit)  # leaving does not wait for it
	frappe.db.commit()
	assert [job for job in jobs if "make_by_itself" in str(job)]
	frappe.db.set_value("Field Service Engineer", w.visit.engineers[0].name, "work_hours", 0.5)
	visit_records.catch_up()
	assert len(visit_hours.timesheets(visiting.fresh(w.visit))) == 1


def test_who_may_make_no_timesheet_is_not_offered_one(site):
	w = over()
	reader = factories.make_user(roles=["Field Engineer"]).name
	frappe.get_doc("User", reader).remove_roles("Employee")
	with user(reader):
		shown = visit_records.shown(visiting.fresh(w.visit))
	assert not shown["may_time"] and not shown["may_issue"]
