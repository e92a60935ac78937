"""Every picker whose choice depends on the customer offers that customer's records: what services/scope/customer_links.py refuses otherwise."""

import frappe
import pytest

from ops_delivery.services.scope import customer_links as whose

# who chooses the record has chosen the customer: the form takes it from there
GIVES_THE_CUSTOMER = {
	("Agreement Assessment", "agreement"),
	("Consulting Report", "plan"),
	("Consulting Recommendation", "report"),
	("Delivery Activity", "plan"),
	("Routine Schedule", "agreement"),
	("Service Report", "agreement"),
	("Delivery Activity", "predecessors.activity"),  # of the same plan
	("Trial Reading", "plan"),
}
ASK = """async ([doctype, table, field, type_field, type, values]) => {
	const table_of = table && cur_frm.fields_dict[table];
	let doc = cur_frm.doc;
	Object.assign(doc, { customer: "The customer" });
	if (table_of) doc = Object.assign(frappe.model.add_child(cur_frm.doc, table_of.df.options, table), values);
	if (type_field) doc[type_field] = type;
	const control = table_of ? table_of.grid?.get_field(field) || table_of : cur_frm.fields_dict[field];
	const query = control.get_query?.(cur_frm.doc, doc.doctype, doc.name);
	if (table_of) cur_frm.doc[table] = cur_frm.doc[table].filter((row) => row !== doc);
	return JSON.stringify(query || {});
}"""


def _parts(meta):
	yield "", meta
	for table in meta.get("fields", {"fieldtype": ["in", ["Table", "Table MultiSelect"]]}):
		if not table.read_only:
			yield table.fieldname, frappe.get_meta(table.options)


def _pickers() -> list[tuple[str, str, str, str, str, dict]]:
	"""(doctype, table, field, type field, type, values of the row) of every link that scope/customer_links.py holds to the customer."""
	found = []
	for doctype in frappe.get_all(
		"DocType", filters={"module": whose.MODULE, "istable": 0, "issingle": 0, "in_create": 0}, pluck="name"
	):
		meta = frappe.get_meta(doctype)
		if not meta.get_field("customer"):
			continue
		for table, part in _parts(meta):
			for field in part.fields:
				if field.read_only or (doctype, f"{table}.{field.fieldname}".strip(".")) in GIVES_THE_CUSTOMER:
					continue
				where = (doctype, table, field.fieldname)
				if field.fieldtype == "Link" and (
					field.options == whose.CONTACT or (field.options != "Customer" and whose._customer_field(field.options))
				):
					found.append((*where, "", "", {}))
				if field.fieldtype == "Link" and field.options == whose.USER:
					side = {"party": "Customer"} if part.get_field("party") else {}
					side |= {"contact_role": "Customer Contact"} if part.get_field("contact_role") else {}
					if side:
						found.append((*where, "", "", side))
				if field.fieldtype == "Dynamic Link":
					found.append((*where, field.options, "Issue", {}))
	return found


@pytest.mark.clause("6.3.f")
def test_every_picker_of_ours_is_the_customers(open_page, site):
	pickers = _pickers()
	assert len(pickers) > 20
	page = open_page("/app", user="Administrator")
	missing = []
	for doctype in dict.fromkeys(picker[0] for picker in pickers):
		page.evaluate("doctype => { frappe.set_route('Form', doctype, 'new'); }", doctype)
		page.wait_for_function(
			"doctype => window.cur_frm?.doctype === doctype && cur_frm.is_new() && cur_frm.fields_dict.customer",
			arg=doctype,
		)
		page.wait_for_function("!frappe.request.ajax_count && window.ops_delivery?.of_type_and_customer")
		for picker in [picker for picker in pickers if picker[0] == doctype]:
			if "The customer" not in page.evaluate(ASK, list(picker)):
				missing.append(picker)
	page.errors.clear()  # half-filled forms ask the server for what they do not have yet
	assert not missing
