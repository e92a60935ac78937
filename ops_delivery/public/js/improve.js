// From a record to a complaint about it or to an improvement action; from a message to a complaint.
ops_delivery.once("improve.js", () => {
	const open = (frm, doctype, method) =>
		frappe
			.xcall(method, { source_doctype: frm.doctype, source_name: frm.doc.name }, "GET")
			.then(({ people, ...values }) =>
				ops_delivery.need("desk").then(() => ops_delivery.open_new(doctype, values, { people }))
			);
	const offer = (frm, doctype, label, method) => {
		if (frm.doctype === "Issue" && !frm.doc.__onload?.ops_is_ours) return;
		if (frappe.model.can_create(doctype)) frm.add_custom_button(label, () => open(frm, doctype, method), __("Create"));
	};
	const on = (doctypes, refresh) =>
		doctypes.forEach((doctype) =>
			frappe.ui.form.on(doctype, { refresh: (frm) => frm.is_new() || refresh(frm) })
		);

	const ABOUT = ["Issue", "Field Service Sheet", "Remote Support Session", "Service Agreement"];
	on([...ABOUT, "Service Leftover"], (frm) =>
		offer(frm, "Improvement Action", __("Improvement Action"), "ops_delivery.api.improvements.values_from")
	);
	on(ABOUT, (frm) => offer(frm, "Service Complaint", __("Complaint", null, "Ops Delivery"), "ops_delivery.api.complaints.values_from"));
	on(["Communication"], (frm) => {
		if (frm.doc.sent_or_received !== "Received" || frm.doc.reference_doctype === "Service Complaint") return;
		if (!frappe.model.can_create("Service Complaint")) return;
		frm.add_custom_button(__("Make a Complaint"), () =>
			frappe
				.xcall("ops_delivery.api.complaints.from_communication", { name: frm.doc.name })
				.then((name) => frappe.set_route("Form", "Service Complaint", name))
		);
	});
});
