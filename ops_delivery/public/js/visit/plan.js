// From a request, a task, routine work or a plan's activity to a visit or a remote session.
ops_delivery.once("visit/plan.js", () => {
	const plan = (frm, doctype) =>
		frappe
			.xcall(
				"ops_delivery.api.visits.values_from",
				{ doctype, source_doctype: frm.doctype, source_name: frm.doc.name },
				"GET"
			)
			.then((values) => ops_delivery.need("desk").then(() => ops_delivery.open_new(doctype, values)));

	["Issue", "Task", "Delivery Activity", "Routine Task"].forEach((source) =>
		frappe.ui.form.on(source, {
			refresh(frm) {
				if (source === "Issue" && !frm.doc.__onload?.ops_is_ours) return;
				if (source === "Task" && !frappe.boot.ops_delivery?.in_use) return;
				if (frm.is_new() || frm.doc.status === "Closed" || ["Completed", "Cancelled"].includes(frm.doc.state)) return;
				if (source === "Routine Task" && ["Done", "Cancelled"].includes(frm.doc.status)) return;
				for (const [doctype, label] of [
					["Field Service Sheet", __("Plan a Visit")],
					["Remote Support Session", __("Remote Session")],
				]) {
					if (frappe.model.can_create(doctype)) frm.add_custom_button(label, () => plan(frm, doctype), __("Create"));
				}
			},
		})
	);
});
