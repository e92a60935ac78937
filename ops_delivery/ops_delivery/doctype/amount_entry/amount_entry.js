// What a piece of work has drawn is not counted, by decision of whoever may write the agreement.
frappe.ui.form.on("Amount Entry", {
	refresh(frm) {
		if (!frm.doc.__onload?.ops_may_be_taken_back) return;
		frm.add_custom_button(__("Do not count it", null, "Amount Entry"), () =>
			ops_delivery.ask({
				title: __("Do not count it", null, "Amount Entry"),
				intro: __("What it has drawn is given back, and it draws on this amount no more. The customer may ask why."),
				fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason", null, "Ops Delivery"), reqd: 1 }],
				label: __("Do not count it", null, "Amount Entry"),
				action: (given) => frappe.xcall("ops_delivery.api.amounts.do_not_count", { entry: frm.doc.name, reason: given.reason }),
				done: () => frappe.set_route("List", "Amount Entry", { agreement: frm.doc.agreement, source_name: frm.doc.source_name }),
			})
		);
	},
});
