frappe.ui.form.on("Agreement Assessment", {
	setup(frm) {
		frm.set_query("agreement", () => ({ filters: { docstatus: 1 } }));
	},

	async agreement(frm) {
		if (!frm.doc.agreement || frm.doc.start_date) return;
		const period = await ops_delivery.load("ops_delivery.api.agreements.next_period", { agreement: frm.doc.agreement });
		frm.set_value(period);
	},

	refresh(frm) {
		frm.set_intro("");
		const agreed = frm.doc.status === "Confirmed";
		["start_date", "end_date", "figures"].forEach((field) => frm.set_df_property(field, "read_only", agreed ? 1 : 0));
		frm.set_df_property("figures", "cannot_add_rows", 1);
		frm.set_df_property("figures", "cannot_delete_rows", 1);
		if (frm.is_new()) {
			frm.set_intro(__("Save it: the figures of the period are measured and the result is worked out."), "blue");
			return;
		}
		if (agreed) {
			frm.set_intro(__("Confirmed by both parties; it stays as it is."), "green");
			frm.disable_save();
			return;
		}
		const open = (frm.doc.lines || []).filter((row) => row.note && !row.score && !row.value);
		frm.set_intro(
			open.length
				? __("Type missing values into the figures below and save; for a 0 tick Has a value. They are missing for: {0}", [
						open.map((row) => frappe.utils.escape_html(row.metric)).join(", "),
				  ])
				: __("A value that was measured wrongly can be corrected in the figures below; it is then marked as typed in."),
			open.length ? "orange" : "blue"
		);
		if (!frm.doc.supplier_by) {
			frm.add_custom_button(__("Confirm for the supplier"), () =>
				frappe.confirm(__("Confirm this result for the supplier?"), () => confirm(frm, { party: "Supplier" }))
			);
		}
		if (!frm.doc.customer_by) {
			frm.add_custom_button(__("Record the customer's confirmation"), () =>
				ops_delivery.ask({
					title: __("Record the customer's confirmation"),
					label: __("Record"),
					fields: [
						{ fieldname: "by", fieldtype: "Data", label: __("Who confirmed for the customer"), reqd: 1 },
						{
							fieldname: "how",
							fieldtype: "Data",
							label: __("How"),
							reqd: 1,
							description: __("Such as: meeting of 3 April, e-mail, signed sheet"),
						},
					],
					action: (values) => confirm(frm, { party: "Customer", ...values }),
				})
			);
		}
	},
});

frappe.ui.form.on("Agreement Assessment Figure", {
	value(frm, cdt, cdn) {
		frappe.model.set_value(cdt, cdn, { known: 1, source: "Typed In" });
	},
});

async function confirm(frm, values) {
	await frappe.xcall("ops_delivery.api.agreements.confirm_assessment", { name: frm.doc.name, ...values });
	frm.reload_doc();
}
