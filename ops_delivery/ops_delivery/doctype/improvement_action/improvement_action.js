// The next step is one button; what it still lacks is said beside it.
(() => {
	const METHOD = "ops_delivery.api.improvements.";
	const PATH = ["Open", "Investigating", "Measures", "Effect Check", "Closed"];
	const state = (value) => __(value, null, "Improvement Action");
	const call = (frm, method, values) =>
		frappe.xcall(METHOD + method, { name: frm.doc.name, ...values }).then(() => frm.reload_doc());
	const ask = (frm, title, fields, method) =>
		ops_delivery.ask({ title, fields, label: __("Save"), action: (values) => call(frm, method, values) });
	const note = (label) => ({ fieldname: "note", fieldtype: "Small Text", label, reqd: 1 });

	frappe.ui.form.on("Improvement Action", {
		setup(frm) {
			const staff = () => ({ filters: { user_type: "System User", enabled: 1 } });
			frm.set_query("owner_user", staff);
			frm.set_query("owner_user", "measures", staff);
			for (const field of ["agreement", "service_object"])
				frm.set_query(field, () => ops_delivery.of_customer(frm.doc.customer));
		},

		refresh(frm) {
			const { doc } = frm;
			frm.set_df_property("state", "read_only", 1);
			frm.set_df_property("told_text", "read_only", doc.told_on ? 1 : 0);
			if (frm.is_new()) return;
			frm.page.set_indicator(state(doc.state), ops_delivery.colour("Improvement Action", doc.state));
			frm.set_intro("");
			if (!frm.perm[0]?.write) return;
			if (doc.state === "Closed") {
				frm.add_custom_button(__("Reopen"), () => ask(frm, __("Reopen"), [note(__("What was seen"))], "reopen"));
				return;
			}
			if (doc.state === "Withdrawn") return;
			const next = PATH[PATH.indexOf(doc.state) + 1];
			ops_delivery.load(METHOD + "missing", { name: doc.name, state: next }, "GET").then((rows) => {
				if (rows.length)
					frm.set_intro(
						__("Before {0}:", [state(next)]) +
							`<ul>${rows.map((row) => `<li>${frappe.utils.escape_html(row.text)}</li>`).join("")}</ul>`,
						"blue"
					);
				else frm.page.set_primary_action(__("On to {0}", [state(next)]), () => call(frm, "set_state", { state: next }));
			});
			if (doc.state === "Effect Check")
				frm.add_custom_button(__("Record the effect check"), () =>
					ask(
						frm,
						__("Record the effect check"),
						[
							{ fieldname: "effective", fieldtype: "Check", label: __("Effective") },
							note(__("What was seen")),
						],
						"record_check"
					)
				);
			if (doc.customer && ["Measures", "Effect Check"].includes(doc.state)) {
				if (!doc.told_on || doc.answer)
					frm.add_custom_button(__("Tell the customer"), () =>
						ask(
							frm,
							__("Tell the customer"),
							[{ fieldname: "text", fieldtype: "Text", label: __("What the customer is told"), default: doc.told_text, reqd: 1 }],
							"tell_customer"
						)
					);
				else
					frm.add_custom_button(__("Record the customer's answer"), () =>
						ask(
							frm,
							__("Record the customer's answer"),
							[
								{ fieldname: "confirmed", fieldtype: "Check", label: __("They confirm that it helps") },
								{ fieldname: "by_name", fieldtype: "Data", label: __("Who answered"), reqd: 1 },
								{ fieldname: "how", fieldtype: "Data", label: __("How they said so"), reqd: 1 },
								{ fieldname: "note", fieldtype: "Small Text", label: __("What they said") },
							],
							"record_answer"
						)
					);
			}
			frm.add_custom_button(__("Withdraw"), () =>
				ask(
					frm,
					__("Withdraw"),
					[
						{ fieldname: "reason", fieldtype: "Small Text", label: __("Why withdrawn"), reqd: 1 },
						{ fieldname: "state", fieldtype: "Data", default: "Withdrawn", hidden: 1 },
					],
					"set_state"
				)
			);
		},
	});
})();
