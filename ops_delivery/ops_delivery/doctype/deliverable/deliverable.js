frappe.ui.form.on("Deliverable", {
	setup(frm) {
		const enabled = () => ({ filters: { enabled: 1 } });
		frm.set_query("deliverable_type", enabled);
		frm.set_query("agreement", (doc) => ops_delivery.of_customer(doc.customer, { docstatus: 1 }));
		["compiler", "reviewer", "approver"].forEach((field) => frm.set_query(field, () => ops_delivery.people_of(false)));
		frm.set_query("record_name", "records", (doc, cdt, cdn) =>
			ops_delivery.of_type_and_customer(locals[cdt][cdn].record_doctype, doc.customer)
		);
		// what a record can be of that a deliverable is made of, or that proves a result
		const KINDS = ["Issue", "Routine Task", "Routine Finding", "Optimization Plan", "Consulting Report", "Help Article", "Knowledge Article",
			"Service Survey", "Survey Round", "Field Service Sheet", "Remote Support Session", "Major Incident Report"];
		frm.set_query("record_doctype", "records", () => ({ filters: { name: ["in", KINDS] } }));
	},

	async refresh(frm) {
		frm.set_intro("");
		if (frm.is_new()) return;
		if (frm.doc.redacted_from) {
			const from = frappe.utils.escape_html(frm.doc.redacted_from);
			frm.set_intro(__("Redacted copy of {0}, version {1}", [from, frm.doc.redacted_version]), "orange");
		} else if (["Published", "Archived"].includes(frm.doc.status) && frm.perm[0]?.write) {
			frm.add_custom_button(__("Make Redacted Copy"), () =>
				ops_delivery.ask({
					label: __("Make Redacted Copy"),
					fields: [{ fieldname: "security_class", fieldtype: "Link", options: "Service Security Class", reqd: 1, label: __("Security Class", null, "Deliverable"), description: __("A lower one than that of the original") }],
					action: (values) => frappe.xcall("ops_delivery.api.deliverables.redact", { name: frm.doc.name, ...values }, "POST"),
					done: (made) => frappe.set_route("Form", "Deliverable", made),
				})
			);
		}
		frm.page.set_indicator(__(frm.doc.status, null, "Deliverable"), ops_delivery.colour("Deliverable", frm.doc.status));
		if (!["Compiling", "In Review"].includes(frm.doc.status)) return;
		const name = frm.doc.name;
		const missing = await ops_delivery.load("ops_delivery.api.deliverables.missing", { name }, "GET");
		if (frm.doc.name !== name) return;
		const reviewed = frm.doc.status === "Compiling";
		if (!missing.length) {
			frm.set_intro(reviewed ? __("Complete: it can be sent to review.") : __("Complete: it can be published once it is reviewed."), "green");
			return;
		}
		const items = missing.map((row) => `<li><b>${frappe.utils.escape_html(row.item)}</b>: ${row.text}</li>`).join("");
		const said = reviewed ? __("Before it can be reviewed it still needs:") : __("Before it can be published it still needs:");
		frm.set_intro(`${said}<ul class="ops-missing">${items}</ul>`, "blue");
	},

	async deliverable_type(frm) {
		if (!frm.doc.deliverable_type) return;
		const fields = ["kind", "audience", "wanted_format", "security_class", "description"];
		const { message } = await frappe.db.get_value("Deliverable Type", frm.doc.deliverable_type, fields);
		frm.set_value("kind", message.kind);
		if (!frm.is_new()) return;
		frm.set_value({ audience: message.audience, wanted_format: message.wanted_format || "", security_class: message.security_class });
		if (!frm.doc.content) frm.set_value("content", message.description);
	},

	async agreement(frm) {
		if (!frm.doc.agreement || frm.doc.customer) return;
		const { message } = await frappe.db.get_value("Service Agreement", frm.doc.agreement, "customer");
		frm.set_value("customer", message.customer);
	},
});
