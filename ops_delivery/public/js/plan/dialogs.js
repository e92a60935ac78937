// Adding several activities at once: typed in, from a template, or from the agreement's scope.
frappe.provide("ops_delivery.plan");

ops_delivery.once("plan/dialogs.js", () => {
	const columns = (frm) => [
		{ fieldname: "subject", fieldtype: "Data", label: __("Subject"), in_list_view: 1, reqd: 1, columns: 3 },
		{
			fieldname: "service_content",
			fieldtype: "Select",
			label: __("Service Content"),
			options: ops_delivery.plan.contents().map((value) => ({ value, label: __(value) })),
			in_list_view: 1,
			reqd: 1,
			columns: 2,
		},
		{ fieldname: "planned_start", fieldtype: "Date", label: __("Planned Start"), in_list_view: 1, reqd: 1, columns: 2 },
		{ fieldname: "planned_end", fieldtype: "Date", label: __("Planned End"), in_list_view: 1, reqd: 1, columns: 2 },
		{ fieldname: "role", fieldtype: "Data", label: __("Role"), in_list_view: 1, columns: 1 },
		{ fieldname: "is_milestone", fieldtype: "Check", label: __("Milestone"), in_list_view: 1, columns: 1 },
		{ fieldname: "owner_user", fieldtype: "Link", options: "User", label: __("Owner", null, "Ops Delivery") },
		...(frm.doc.currency
			? [{ fieldname: "budget_cost", fieldtype: "Currency", label: __("Budget"), options: frm.doc.currency }]
			: []),
	];

	/** The dialog with a table of activities; `rows` to begin with, `help` above it. */
	ops_delivery.plan.rows_dialog = (frm, { title, help, rows }) => {
		const dialog = ops_delivery.ask({
			title,
			intro: help,
			size: "extra-large",
			fields: [
				{
					fieldname: "rows",
					fieldtype: "Table",
					label: __("Activities"),
					cannot_add_rows: false,
					in_place_edit: true,
					data: rows,
					fields: columns(frm),
				},
			],
			label: __("Add to the plan"),
			action: () => {
				const wanted = (dialog.get_value("rows") || []).filter((row) => (row.subject || "").trim());
				if (!wanted.length) {
					frappe.show_alert({ message: __("Fill in at least one row."), indicator: "orange" });
					return false;
				}
				const keys = new Set(wanted.map((row) => row.key).filter(Boolean));
				const sent = wanted.map(({ name, idx, __islocal, __checked, ...row }) => ({
					...row,
					after: (row.after || []).filter((key) => keys.has(key)),
				}));
				return ops_delivery.plan.add_rows(frm, sent);
			},
		});
		return dialog;
	};

	ops_delivery.plan.add_several = (frm) =>
		ops_delivery.plan.rows_dialog(frm, {
			title: __("Add several activities"),
			help: __("One row an activity. All are added, or none: what is wrong is named."),
			rows: Array.from({ length: 5 }, (_unused, index) => ({
				idx: index + 1,
				name: `row ${index + 1}`,
				planned_start: frm.doc.start_date,
				planned_end: frm.doc.end_date,
				service_content: ops_delivery.plan.contents()[0],
			})),
		});

	const offer = (frm, title, rows, lists) =>
		ops_delivery.plan.rows_dialog(frm, {
			title,
			help: [__("Look through the rows, change or delete what does not fit, then add them."), lists].filter(Boolean).join(" "),
			rows: rows.map((row, index) => ({ ...row, idx: index + 1, name: `row ${index + 1}` })),
		});

	ops_delivery.plan.from_agreement = async (frm) => {
		if (!frm.doc.agreement) {
			frappe.msgprint(__("Choose the agreement of the plan first, and save."));
			return;
		}
		const rows = await frappe.xcall("ops_delivery.api.delivery_plans.proposals", { plan: frm.doc.name });
		if (!rows.length) {
			frappe.msgprint(
				__("The scope of the agreement names nothing that the plan does not have already. Start from a template instead.")
			);
			return;
		}
		offer(frm, __("From the agreement's scope"), rows);
	};

	ops_delivery.plan.from_template = (frm) => {
		ops_delivery.ask({
			title: __("From a template"),
			fields: [
				{
					fieldname: "template",
					fieldtype: "Link",
					options: "Delivery Plan Template",
					label: __("Delivery Plan Template"),
					reqd: 1,
					get_query: () => ({ filters: { enabled: 1 } }),
					description: __("Its activities are dated from the first day of the plan"),
				},
				{
					fieldname: "lists",
					fieldtype: "Check",
					label: __("Take over its staff, duties, tools, documents and security measures too"),
					default: 1,
				},
			],
			label: __("Continue"),
			action: async ({ template, lists }) => {
				const rows = await frappe.xcall("ops_delivery.api.delivery_plans.proposals", { plan: frm.doc.name, template });
				if (lists) {
					const added = await frappe.xcall("ops_delivery.api.delivery_plans.load_lists", { plan: frm.doc.name, template });
					if (added) {
						frappe.show_alert({ message: __("{0} rows taken over into the lists", [added]), indicator: "green" });
						await frm.reload_doc();
					}
				}
				return { template, rows };
			},
			done: ({ template, rows }) => offer(frm, __(template), rows),
		});
	};

	/** The dialog that opens, or links, the record which carries an activity out. */
	ops_delivery.plan.work_dialog = async (activity, done) => {
		const { create: choices, link } = await frappe.xcall("ops_delivery.api.delivery_plans.work_choices", {
			activity: activity.name,
		});
		const maintenance = ["Maintenance Schedule", "Maintenance Visit"];
		const dialog = ops_delivery.ask({
			title: __("Carry out"),
			fields: [
				{
					fieldname: "how",
					fieldtype: "Select",
					label: __("Carry out in"),
					reqd: 1,
					options: [
						...choices.map((doctype) => ({ value: `new:${doctype}`, label: __("A new {0}", [__(doctype)]) })),
						{ value: "existing", label: __("An existing record") },
					],
					default: choices.length ? `new:${choices[0]}` : "existing",
					description: __("The activity takes its state from that record"),
				},
				{
					fieldname: "item",
					fieldtype: "Link",
					options: "Item",
					label: __("Item"),
					depends_on: `eval:${JSON.stringify(maintenance.map((type) => `new:${type}`))}.includes(doc.how)`,
					mandatory_depends_on: `eval:${JSON.stringify(maintenance.map((type) => `new:${type}`))}.includes(doc.how)`,
					description: __("What is maintained, as an item of ERPNext"),
				},
				{
					fieldname: "person",
					fieldtype: "Link",
					options: "Sales Person",
					label: __("Service Person"),
					depends_on: `eval:${JSON.stringify(maintenance.map((type) => `new:${type}`))}.includes(doc.how)`,
					mandatory_depends_on: 'eval:doc.how=="new:Maintenance Visit"',
				},
				...ops_delivery.existing_record(link, activity.customer, () => dialog),
			],
			label: __("Carry out"),
			action: ({ how, doctype, name, item, person }) =>
				frappe.xcall(
					`ops_delivery.api.delivery_plans.${how === "existing" ? "link_work" : "create_work"}`,
					how === "existing"
						? { activity: activity.name, doctype, name }
						: { activity: activity.name, doctype: how.slice(4), item, person }
				),
			done,
		});
	};
});
