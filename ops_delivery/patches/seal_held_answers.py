"""Anonymous answers that are held back stood in columns one could ask about: they are sealed, or destroyed where their
round is over and may never be shown."""

from itertools import groupby

import frappe

from ops_delivery.services.surveys import seals as survey_seals


def execute():
	"""Once: the columns stay in the tables as dead ones, and nothing is marked in them any more."""
	if not frappe.db.has_column("Survey Response", "held"):
		return
	response, round_ = frappe.qb.DocType("Survey Response"), frappe.qb.DocType("Survey Round")
	held = (
		frappe.qb.from_(response)
		.left_join(round_)
		.on(round_.name == response.survey_round)
		.select(response.name, response.survey_round, round_.state, round_.closes_on)
		.where(response.held == 1)
		.orderby(response.survey_round)
	).run(as_dict=True)
	for name, rows in groupby(held, key=lambda row: row.survey_round):
		for row in rows:
			answers = frappe.get_all(
				"Survey Answer", filters={"response": row.name}, pluck="name", order_by="place"
			)
			if row.state == "Collecting":
				documents = [
					frappe.get_doc("Survey Response", row.name),
					*(frappe.get_doc("Survey Answer", answer) for answer in answers),
				]
				survey_seals.seal(name, documents, row.closes_on)
			frappe.db.delete("Survey Answer", {"name": ["in", answers or [""]]})
			frappe.db.delete("Survey Response", {"name": row.name})
