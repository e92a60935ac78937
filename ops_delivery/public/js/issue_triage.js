// Judging an Issue: valid or not, its category, urgency and importance, with the priority shown before it is saved.
(() => {
	const { ask } = ops_delivery.issue;

	/** The levels of a scale, lowest first, each with what it means. */
	const scale = (doctype) =>
		frappe.db.get_list(doctype, { fields: ["name", "description"], order_by: `\`tab${doctype}\`.\`rank\` asc`, limit: 0 });
	const options_of = (levels) => ["", ...levels.map(({ name }) => ({ value: name, label: __(name) }))];

	const judge = async (frm) => {
		const doc = frm.doc;
		const [urgencies, importances] = await Promise.all([
			scale("Service Urgency"),
			scale("Service Importance"),
		]);
		const meaning = (levels, name, otherwise) =>
			__(levels.find((level) => level.name === name)?.description || otherwise);
		const dialog = ask(frm, {
			title: __("Judge the report"),
			label: __("Save the judgement"),
			fields: [
				{
					fieldname: "ops_validity",
					fieldtype: "Select",
					label: __("The report is"),
					options: [
						{ value: "Valid", label: __("Valid") },
						{ value: "Invalid", label: __("Invalid") },
					],
					default: doc.ops_validity || "Valid",
					reqd: 1,
				},
				{
					fieldname: "ops_invalid_reason",
					fieldtype: "Small Text",
					label: __("Why it is invalid"),
					default: doc.ops_invalid_reason,
					description: __("The customer reads this"),
					depends_on: 'eval:doc.ops_validity=="Invalid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Invalid"',
				},
				{
					fieldname: "issue_type",
					fieldtype: "Link",
					options: "Issue Type",
					label: __("Category"),
					default: doc.issue_type,
					depends_on: 'eval:doc.ops_validity=="Valid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid"',
				},
				{
					fieldname: "ops_urgency",
					fieldtype: "Select",
					options: options_of(urgencies),
					label: __("Urgency"),
					default: doc.ops_urgency || doc.ops_customer_urgency,
					description: __("How soon it must be handled"),
					depends_on: 'eval:doc.ops_validity=="Valid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid"',
					onchange: () => preview(),
				},
				{
					fieldname: "ops_importance",
					fieldtype: "Select",
					options: options_of(importances),
					label: __("Importance"),
					default: doc.ops_importance,
					description: __("How much the affected object matters to the customer"),
					depends_on: 'eval:doc.ops_validity=="Valid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid"',
					onchange: () => preview(),
				},
				{ fieldname: "result", fieldtype: "HTML", depends_on: 'eval:doc.ops_validity=="Valid"' },
				{
					fieldname: "priority",
					fieldtype: "Link",
					options: "Issue Priority",
					label: __("Another priority"),
					description: __("Leave blank to take the priority of the matrix"),
					depends_on: 'eval:doc.ops_validity=="Valid"',
				},
				{
					fieldname: "ops_priority_reason",
					fieldtype: "Small Text",
					label: __("Why another priority"),
					depends_on: 'eval:doc.ops_validity=="Valid" && doc.priority',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid" && doc.priority',
				},
			],
			values: (given) => {
				if (given.ops_validity === "Invalid") {
					return { ops_validity: "Invalid", ops_invalid_reason: given.ops_invalid_reason };
				}
				const other = given.priority && given.priority !== dialog.matrix_priority;
				return {
					ops_validity: "Valid",
					issue_type: given.issue_type,
					ops_urgency: given.ops_urgency,
					ops_importance: given.ops_importance,
					priority: (other && given.priority) || dialog.matrix_priority || doc.priority,
					ops_priority_reason: other ? given.ops_priority_reason : "",
				};
			},
			indicator: __("Judged"),
		});
		const preview = frappe.utils.debounce(async () => {
			const { ops_urgency: urgency, ops_importance: importance } = dialog.get_values(true);
			dialog.fields_dict.ops_urgency.set_description(
				meaning(urgencies, urgency, "How soon it must be handled")
			);
			dialog.fields_dict.ops_importance.set_description(
				meaning(importances, importance, "How much the affected object matters to the customer")
			);
			let html = __("Choose urgency and importance to see the priority.");
			dialog.matrix_priority = null;
			if (urgency && importance) {
				const found = await frappe.xcall("ops_delivery.api.issue.priority_by_matrix", {
					issue: doc.name,
					urgency,
					importance,
				});
				dialog.matrix_priority = found.priority;
				html = found.priority
					? __("{0} by the matrix {1}", [
							`<b>${frappe.utils.escape_html(__(found.priority))}</b>`,
							frappe.utils.escape_html(found.matrix),
					  ])
					: __("The matrix {0} has no cell for this pair; choose a priority below.", [
							frappe.utils.escape_html(found.matrix || ""),
					  ]);
				if (found.targets.length) {
					html += `<br><span class="text-muted">${found.targets
						.map((t) =>
							frappe.utils.escape_html(
								`${__(t.commitment, null, "Service Commitment")}: ${ops_delivery.duration(t.target)} (${__(t.calendar)})`
							)
						)
						.join(" · ")}</span>`;
				}
			}
			dialog.fields_dict.result.$wrapper
				.attr("role", "status")
				.html(`<p><span class="text-muted">${__("Priority", null, "Ops Delivery")}:</span> ${html}</p>`);
		}, 200);
		if (!doc.ops_importance && doc.ops_object) {
			frappe.db.get_value("Service Object", doc.ops_object, "importance").then(({ message }) => {
				if (message?.importance) dialog.set_value("ops_importance", message.importance);
			});
		}
		preview();
	};

	ops_delivery.issue.judge = judge;
})();
