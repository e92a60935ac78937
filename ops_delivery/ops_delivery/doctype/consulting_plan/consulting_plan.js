frappe.ui.form.on("Consulting Plan", {
	setup(frm) {
		const staff = () => ({ filters: { user_type: "System User", enabled: 1 } });
		frm.set_query("owner_user", staff);
		frm.set_query("responsible", "steps", staff);
		frm.set_query("user", "people", (doc, cdt, cdn) =>
			ops_delivery.people_of(locals[cdt][cdn].party === "Customer", doc.customer)
		);
		frm.set_query("responsible", "communication", staff);
		frm.set_query("agreement", (doc) => ops_delivery.of_customer(doc.customer, { docstatus: 1 }));
		frm.set_query("service_object", "topics", (doc) => ops_delivery.of_customer(doc.customer, { enabled: 1 }));
	},

	async refresh(frm) {
		if (frm.is_new()) {
			if (!frm.doc.currency) frm.set_value("currency", frappe.boot.sysdefaults.currency);
			return;
		}
		frm.page.set_indicator(__(frm.doc.status, null, "Consulting Plan"), ops_delivery.colour("Consulting Plan", frm.doc.status));
		ops_delivery.consulting.say_state(frm, "status");
		ops_delivery.consulting.freeze(frm, ["Approved", "In Progress", "Completed", "Cancelled"].includes(frm.doc.status), {
			steps: ["done_on"],
			deliverables: ["delivered_on"],
			security: ["result", "note"],
		});
		const missing = ops_delivery.consulting.show_missing(frm);
		const written = ["Approved", "In Progress", "Completed"].includes(frm.doc.status);
		if (written && frappe.model.can_create("Consulting Report")) {
			frm.add_custom_button(__("Write report"), () =>
				frappe.new_doc("Consulting Report", { plan: frm.doc.name, title: frm.doc.title })
			);
		}
		if (frm.doc.status === "Approved" && frm.doc.security.some((row) => !row.result)) {
			await missing;
			frm.set_intro(
				__("Before the work begins, enter the result of each point under {0}.", [`<b>${__("Security")}</b>`]),
				"blue"
			);
		}
	},

	customer(frm) {
		if (frm.doc.agreement) frm.set_value("agreement", null);
	},
});

const count = (frm, cdt, cdn) => {
	const row = locals[cdt][cdn];
	frappe.model.set_value(cdt, cdn, "amount", flt(row.quantity) * flt(row.rate));
	sum(frm);
};
const sum = (frm) =>
	frm.set_value(
		"budget",
		(frm.doc.costs || []).reduce((total, row) => total + flt(row.amount), 0)
	);

frappe.ui.form.on("Consulting Plan Cost", { quantity: count, rate: count, costs_remove: sum });
