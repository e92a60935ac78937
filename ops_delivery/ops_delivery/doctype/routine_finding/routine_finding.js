frappe.ui.form.on("Routine Finding", {
	async refresh(frm) {
		if (frm.is_new()) return;
		const { state, colour, pill, value } = ops_delivery.findings;
		const { doc } = frm;
		frm.page.set_indicator(state(doc.status), colour(doc.status));
		frm.set_df_property("what_was_done", "read_only", doc.status === "Closed" ? 1 : 0);
		const { esc } = ops_delivery;
		const name = doc.name;
		const shown = await ops_delivery.load("ops_delivery.api.findings.show", { name }, "GET");
		if (frm.doc.name !== name) return;
		frm.set_df_property("last_value", "description", shown.normal ? __("Normal state: {0}", [esc(shown.normal)]) : "");
		const word = (text) => __(text, null, "Routine Reading");
		const rows = shown.readings.map(
			(row) => `<tr><td>${esc(frappe.datetime.str_to_user(row.read_on))}</td><td>${value(row, row.value)} ${pill(row.verdict)}</td>
				<td>${esc(row.who)}</td><td>${esc(row.note)}</td></tr>`
		);
		frm.fields_dict.course.$wrapper.html(
			`<div class="table-responsive"><table class="table table-sm ops-finding-course"><thead><tr>
				${[word("Read on"), word("Value"), word("Read by"), word("Note")].map((text) => `<th>${esc(text)}</th>`).join("")}
			</tr></thead><tbody>${rows.join("")}</tbody></table></div>`
		);
		const parts = shown.procedure.map((part) => `<dt>${esc(part.label)}</dt><dd style="white-space: pre-line">${esc(part.text)}</dd>`);
		frm.toggle_display("sb_procedure", parts.length > 0);
		frm.fields_dict.procedure.$wrapper.html(`<dl>${parts.join("")}</dl>`);
		if (!frm.perm[0]?.write) return;
		const call = (method, args) =>
			frappe.xcall(`ops_delivery.api.findings.${method}`, { name, ...args }).then(() => frm.reload_doc());
		if (shown.steps.includes("In Hand")) frm.add_custom_button(__("Take in hand"), () => call("take"));
		if (shown.steps.includes("Risk Accepted") && shown.may_accept)
			frm.add_custom_button(__("Accept the risk"), () =>
				ops_delivery.ask({
					title: __("Accept the risk"),
					fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }],
					label: __("Accept the risk"),
					action: (given) => call("accept_risk", given),
				})
			);
		if (shown.steps.includes("Closed")) {
			const button = frm.add_custom_button(__("Close the finding"), () =>
				ops_delivery.ask({
					title: __("Close the finding"),
					intro: doc.normal_on ? "" : __("No normal reading has followed. Say how you know that it is over."),
					fields: [
						{ fieldname: "what_was_done", fieldtype: "Small Text", label: __("What was done", null, "Routine Finding"), default: frm.doc.what_was_done, reqd: 1 },
						{ fieldname: "result", fieldtype: "Small Text", label: __("Result", null, "Routine Finding"), reqd: 1 },
					],
					label: __("Close the finding"),
					action: (given) => call("close", given),
				})
			);
			if (doc.status === "Back to Normal") button.addClass("btn-primary");
		}
	},
});
