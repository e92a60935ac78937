// Each phase has its one next step; the handler is chosen among those who are independent.
(() => {
	const METHOD = "ops_delivery.api.complaints.";
	const COLOURS = {
		Received: "red",
		Acknowledged: "orange",
		"Under Investigation": "blue",
		"Result Told": "purple",
		Appealed: "red",
		Closed: "green",
		Withdrawn: "gray",
	};
	const said = (value) => __(value, null, "Service Complaint");
	const { esc } = ops_delivery;
	const call = (frm, method, values) =>
		frappe.xcall(METHOD + method, { name: frm.doc.name, ...values }).then(() => frm.reload_doc());
	const ask = (frm, title, fields, method) =>
		ops_delivery.ask({ title, fields, label: __("Save"), action: (values) => call(frm, method, values) });
	const reason = () => [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason"), reqd: 1 }];

	const choose = (frm) =>
		frappe.xcall(METHOD + "candidates", { name: frm.doc.name }, "GET").then((found) => {
			const excluded = found.excluded
				.map((row) => `<li><b>${esc(row.name)}</b>: ${row.reasons.map(esc).join("; ")}</li>`)
				.join("");
			ops_delivery.ask({
				title: __("Choose an independent handler"),
				fields: [
					{
						fieldname: "user",
						fieldtype: "Select",
						label: __("Independent"),
						reqd: 1,
						options: found.independent.map((row) => ({
							value: row.user,
							label: row.note ? `${row.name} (${row.note})` : row.name,
						})),
						description: found.way_out,
					},
					{ fieldtype: "Section Break", label: __("Why others cannot"), collapsible: found.independent.length > 0 },
					{ fieldname: "others", fieldtype: "HTML", options: `<ul>${excluded || `<li>${__("Nobody")}</li>`}</ul>` },
				],
				label: __("Hand on"),
				action: ({ user }) => call(frm, "hand_to", { user }),
			});
		});

	const STEPS = {
		Received: (frm) => frm.add_custom_button(__("Acknowledge", null, "Service Complaint"), () => call(frm, "acknowledge")).addClass("btn-primary"),
		Acknowledged: (frm, mine) => begin(frm, mine),
		Appealed: (frm, mine) => begin(frm, mine),
		"Under Investigation": (frm, mine) => {
			if (!mine) return;
			if (frm.doc.people.length)
				frm.add_custom_button(__("Take a person out"), () =>
					ask(
						frm,
						__("Take a person out"),
						[
							{
								fieldname: "user",
								fieldtype: "Select",
								label: __("Not complained about"),
								reqd: 1,
								options: frm.doc.people.map((row) => ({ value: row.user, label: row.full_name || row.user })),
								description: __("They may then see the complaint. The reason stays on record."),
							},
							...reason(),
						],
						"clear_person"
					)
				);
			frm.add_custom_button(__("Tell the result"), () =>
				ask(
					frm,
					__("Tell the result"),
					[
						{ fieldname: "findings", fieldtype: "Text", label: __("Findings", null, "Service Complaint"), default: frm.doc.findings, reqd: 1, description: __("Inside only") },
						{
							fieldname: "result",
							fieldtype: "Select",
							label: __("Result"),
							reqd: 1,
							options: ["Justified", "Partly Justified", "Not Justified"].map((value) => ({ value, label: __(value) })),
							default: frm.doc.result,
						},
						{ fieldname: "result_text", fieldtype: "Text", label: __("What the customer is told"), default: frm.doc.result_text, reqd: 1 },
					],
					"tell_result"
				)
			).addClass("btn-primary");
		},
		"Result Told": (frm) => {
			frm.add_custom_button(__("Record the customer's answer"), () =>
				ask(
					frm,
					__("Record the customer's answer"),
					[
						{ fieldname: "accepted", fieldtype: "Check", label: __("They accept the result") },
						{ fieldname: "by_name", fieldtype: "Data", label: __("Who answered"), default: frm.doc.raised_by_name, reqd: 1 },
						{ fieldname: "answered_on", fieldtype: "Datetime", label: __("When"), default: "now" },
						{ fieldname: "how", fieldtype: "Data", label: __("How they said so"), reqd: 1 },
						{ fieldname: "note", fieldtype: "Small Text", label: __("Reason") },
					],
					"record_answer"
				)
			);
			frm.add_custom_button(__("Close without an answer"), () =>
				ask(frm, __("Close without an answer"), reason(), "close_unanswered")
			);
		},
	};
	const begin = (frm, mine) => {
		if (mine) frm.add_custom_button(__("Begin the investigation"), () => call(frm, "investigate")).addClass("btn-primary");
	};

	frappe.ui.form.on("Service Complaint", {
		setup(frm) {
			frm.set_query("user", "people", () => ({ filters: { user_type: "System User", enabled: 1 } }));
			frm.set_query("handler", () => ({ filters: { user_type: "System User", enabled: 1 } }));
			for (const field of ["agreement", "service_object"])
				frm.set_query(field, () => ops_delivery.of_customer(frm.doc.customer));
			frm.set_query("reference_name", () =>
				ops_delivery.of_type_and_customer(frm.doc.reference_doctype, frm.doc.customer)
			);
		},

		refresh(frm) {
			const { doc } = frm;
			if (frm.is_new()) {
				frm.set_intro(__("Enter what the customer told you, in their words: who, when and how."), "blue");
				return;
			}
			frm.page.set_indicator(said(doc.status), COLOURS[doc.status]);
			const mine = doc.handler === frappe.session.user;
			const ended = ["Closed", "Withdrawn"].includes(doc.status);
			const investigating = mine && doc.status === "Under Investigation";
			for (const field of ["findings", "result", "result_text"])
				frm.set_df_property(field, "read_only", investigating ? 0 : 1);
			frm.set_intro("");
			if (ended || !frm.perm[0]?.write) return;
			if (!doc.handler) frm.set_intro(__("Nobody handles it yet. Choose somebody independent."), "orange");
			else if (!mine) frm.set_intro(__("{0} handles it independently.", [ops_delivery.person(doc.handler)]), "blue");
			STEPS[doc.status]?.(frm, mine);
			if (doc.status !== "Result Told")
				frm.add_custom_button(doc.handler ? __("Hand on") : __("Choose the handler"), () => choose(frm));
			if (mine)
				frm.add_custom_button(__("Improvement Action"), () =>
					frappe
						.xcall(METHOD + "improve", { name: doc.name })
						.then((name) => frappe.set_route("Form", "Improvement Action", name)),
					__("Create")
				);
			if (doc.status !== "Result Told")
				frm.add_custom_button(__("Withdraw"), () => ask(frm, __("Withdraw"), reason(), "withdraw"));
		},
	});
})();
