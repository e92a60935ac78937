// What the consulting forms share: what is still missing, a report's recommendations, the customer's decision (6.5).
frappe.provide("ops_delivery.consulting");

ops_delivery.once("consulting.js", () => {
	const { esc } = ops_delivery;
	const STATE_COLOURS = {
		Proposed: "orange",
		Decided: "blue",
		"In Progress": "blue",
		Done: "purple",
		Verified: "green",
		Dropped: "gray",
	};
	const ADOPTED = ["Adopted", "Adopted in Part"];

	/** Above a draft: what review will ask for, each part a way to its field. */
	const show_missing = async (frm) => {
		const listed = await ops_delivery.show_missing(
			frm,
			"ops_delivery.api.consulting.missing",
			{ doctype: frm.doctype, name: frm.doc.name },
			(row) => `<a href="#" data-field="${esc(row.fieldname)}">${esc(row.item)}</a>: ${esc(row.text)}`
		);
		if (!listed) return;
		frm.layout.wrapper
			.find(".form-message a[data-field]")
			.off("click")
			.on("click", (event) => {
				event.preventDefault();
				frm.scroll_to_field(event.currentTarget.dataset.field);
			});
	};

	/** The customer's decision on a recommendation. */
	const decide = (row, then) => {
		const dated = 'eval:["Adopted","Adopted in Part","Deferred"].includes(doc.decision)';
		ops_delivery.ask({
			title: __("The customer's decision"),
			fields: [
				{
					fieldname: "text",
					fieldtype: "HTML",
					options: `<p><b>${esc(row.title)}</b></p>`,
				},
				{
					fieldname: "decision",
					fieldtype: "Select",
					label: __("Decision"),
					options: ["Adopted", "Adopted in Part", "Deferred", "Declined"].map((value) => ({
						value,
						label: __(value),
					})),
					reqd: 1,
				},
				{ fieldname: "decision_by", fieldtype: "Data", label: __("Decided by"), reqd: 1, description: __("The customer's person") },
				{ fieldname: "decided_on", fieldtype: "Date", label: __("Decided on"), default: frappe.datetime.nowdate(), reqd: 1 },
				{
					fieldname: "note",
					fieldtype: "Small Text",
					label: __("The customer's reasons"),
					mandatory_depends_on: 'eval:doc.decision && doc.decision!="Adopted"',
				},
				{
					fieldname: "owner_user",
					fieldtype: "Link",
					options: "User",
					label: __("Owner", null, "Consulting Recommendation"),
					default: row.owner_user,
					depends_on: dated,
					mandatory_depends_on: dated,
					get_query: () => ({ filters: { user_type: "System User", enabled: 1 } }),
					description: __("Who sees to it"),
				},
				{
					fieldname: "due_date",
					fieldtype: "Date",
					label: __("Due"),
					depends_on: dated,
					mandatory_depends_on: dated,
					description: __("Adopted: when it is done. Deferred: when it is decided on again"),
				},
			],
			label: __("Record decision"),
			action: (given) => call("decide", { name: row.name, ...given }),
			done: then,
		});
	};

	/** What was done; the state may move with it. */
	const follow_up = (frm) => {
		const states = [
			{ value: "", label: __("unchanged") },
			...(frm.doc.state === "Decided" && ADOPTED.includes(frm.doc.decision)
				? [{ value: "In Progress", label: __("In Progress", null, "Consulting Recommendation") }]
				: []),
			...(ADOPTED.includes(frm.doc.decision)
				? [{ value: "Done", label: __("Done", null, "Consulting Recommendation") }]
				: []),
		];
		ops_delivery.ask({
			title: __("Follow up"),
			fields: [
				{ fieldname: "note", fieldtype: "Small Text", label: __("What was done or found"), reqd: 1 },
				{ fieldname: "progress", fieldtype: "Percent", label: __("Progress", null, "Consulting Follow-up") },
				{ fieldname: "state", fieldtype: "Select", label: __("State", null, "Consulting Recommendation"), options: states },
			],
			label: __("Enter"),
			action: (given) => call("follow_up", { name: frm.doc.name, ...given }),
			done: () => frm.reload_doc(),
		});
	};

	const verify = (frm) => {
		ops_delivery.ask({
			title: __("Verify", null, "Consulting Recommendation"),
			fields: [
				{
					fieldname: "outcome",
					fieldtype: "Select",
					label: __("Outcome"),
					options: [
						{ value: "passed", label: __("It is put into practice") },
						{ value: "failed", label: __("It is not: back to work") },
					],
					default: "passed",
					reqd: 1,
				},
				{
					fieldname: "verification",
					fieldtype: "Small Text",
					label: __("How it was verified"),
					reqd: 1,
					description: __("What was looked at or measured, and what it showed"),
				},
			],
			label: __("Verify", null, "Consulting Recommendation"),
			action: ({ outcome, verification }) =>
				call("verify", { name: frm.doc.name, verification, passed: outcome === "passed" }),
			done: () => frm.reload_doc(),
		});
	};

	const call = (method, args) => frappe.xcall(`ops_delivery.api.consulting.${method}`, args);

	/** A report's recommendations as a table; those waiting for the customer can be decided there. */
	const show_recommendations = async (frm) => {
		const $box = frm.fields_dict.recommendations_html.$wrapper;
		if (frm.is_new()) return;
		const name = frm.doc.name;
		const rows = await ops_delivery.load(
			"ops_delivery.api.consulting.recommendations_of",
			{ report: name },
			"GET"
		);
		if (frm.doc.name !== name) return;
		const decidable = ["Customer Review", "Issued"].includes(frm.doc.status);
		const may_write = frappe.model.can_write("Consulting Recommendation");
		const can_add =
			["Draft", "Internal Review", "Customer Review"].includes(frm.doc.status) &&
			frappe.model.can_create("Consulting Recommendation");
		const line = (row) => {
			const due = row.due_date ? frappe.datetime.str_to_user(row.due_date) : "";
			const late = row.overdue_days
				? `<span class="text-danger">${row.overdue_days === 1 ? __("1 day overdue") : __("{0} days overdue", [row.overdue_days])}</span>`
				: "";
			const button =
				decidable && may_write && row.state === "Proposed"
					? `<button type="button" class="btn btn-xs btn-default" data-name="${esc(row.name)}">${__("Record decision")}</button>`
					: "";
			return `<tr><td><a href="${frappe.utils.get_form_link("Consulting Recommendation", row.name)}">${esc(row.title)}</a></td>
				<td>${esc(__(row.priority))}</td>
				<td>${row.decision ? esc(__(row.decision)) : button || __("not yet decided")}</td>
				<td>${esc(row.owner_user ? ops_delivery.person(row.owner_user) : "")}</td>
				<td>${due} ${late}</td>
				<td><span class="indicator-pill ${STATE_COLOURS[row.state]}">${esc(__(row.state, null, "Consulting Recommendation"))}</span></td></tr>`;
		};
		const heads = [__("Recommendation"), __("Priority", null, "Ops Delivery"), __("Decision"), __("Owner", null, "Consulting Recommendation"), __("Due"), __("State", null, "Consulting Recommendation")];
		$box.html(
			`${
				rows.length
					? `<div class="ops-matrix-scroll"><table class="ops-matrix ops-recommendations"><thead><tr>${heads
							.map((head) => `<th scope="col">${head}</th>`)
							.join("")}</tr></thead><tbody>${rows.map(line).join("")}</tbody></table></div>`
					: `<p class="text-muted">${__("No recommendation yet: what should the customer do, and why?")}</p>`
			}${
				can_add
					? `<p style="margin-top: 10px"><button type="button" class="btn btn-sm btn-default ops-add">${__("Add recommendation")}</button></p>`
					: ""
			}`
		);
		$box.find(".ops-add").on("click", () => frappe.new_doc("Consulting Recommendation", { report: name }));
		$box.find("[data-name]").on("click", (event) => {
			const row = rows.find((one) => one.name === event.currentTarget.dataset.name);
			decide(row, () => show_recommendations(frm));
		});
	};

	/** Approved content stays as it is: the form shows it so. `results`: table -> the columns still filled in. */
	const freeze = (frm, fixed, results = {}) => {
		for (const { df } of frm.fields) {
			if (!df.fieldname || ["Section Break", "Column Break", "Tab Break", "HTML"].includes(df.fieldtype)) continue;
			const taking = results[df.fieldname];
			if (df.fieldtype === "Table" && taking) {
				const grid = frm.fields_dict[df.fieldname].grid;
				grid.cannot_add_rows = fixed;
				grid.df.cannot_add_rows = grid.df.cannot_delete_rows = fixed;
				for (const column of frappe.get_meta(df.options).fields) {
					if (taking.includes(column.fieldname)) continue;
					const own = frappe.meta.get_docfield(df.options, column.fieldname)?.read_only;
					grid.update_docfield_property(column.fieldname, "read_only", fixed ? 1 : own || 0);
				}
				grid.refresh();
			} else if (fixed && !df.read_only) frm.set_df_property(df.fieldname, "read_only", 1);
			else if (!fixed) {
				const own = frappe.meta.get_docfield(frm.doctype, df.fieldname)?.read_only || 0;
				if (df.read_only !== own) frm.set_df_property(df.fieldname, "read_only", own);
			}
		}
	};

	/** A state as this record type calls it: a read-only Select shows the word's general meaning. */
	const say_state = (frm, fieldname) =>
		frm.fields_dict[fieldname]?.$wrapper
			.find(".control-value")
			.text(__(frm.doc[fieldname], null, frm.doctype));

	Object.assign(ops_delivery.consulting, {
		say_state,
		freeze,
		STATE_COLOURS,
		ADOPTED,
		show_missing,
		show_recommendations,
		decide,
		follow_up,
		verify,
	});
});
