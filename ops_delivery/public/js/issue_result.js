// The end of an Issue: the result, the customer's decision, and handing the matter over to another service content.
(() => {
	const { ask } = ops_delivery.issue;
	const now = () => frappe.datetime.system_datetime();
	const text_of = (html) => $("<div>").html(html || "").text().trim();

	const resolve = async (frm) => {
		const doc = frm.doc;
		const { message: agreement } = doc.ops_agreement
			? await frappe.db.get_value("Service Agreement", doc.ops_agreement, [
					"security_check_required",
					"security_terms",
			  ])
			: { message: {} };
		const security = cint(agreement?.security_check_required);
		ask(frm, {
			title: __("Resolve"),
			label: __("Offer the result to the customer"),
			fields: [
				{
					fieldname: "resolution_details",
					fieldtype: "Text Editor",
					label: __("Resolution details"),
					default: doc.resolution_details,
					reqd: 1,
					description: __("What was wrong and what was done; the customer accepts or rejects this"),
				},
				{ fieldtype: "Section Break", label: __("Security"), hidden: !security },
				{
					fieldname: "terms",
					fieldtype: "HTML",
					hidden: !security,
					options: `<p class="text-muted">${frappe.utils.escape_html(agreement?.security_terms || "")}</p>`,
				},
				{
					fieldname: "ops_security_checked",
					fieldtype: "Check",
					label: __("People, operations, data and tools met the security terms"),
					default: doc.ops_security_checked,
					hidden: !security,
				},
				{
					fieldname: "ops_security_note",
					fieldtype: "Small Text",
					label: __("Security findings"),
					default: doc.ops_security_note,
					hidden: !security,
				},
			],
			values: (given) => {
				if (!text_of(given.resolution_details)) {
					frappe.msgprint(__("Resolution details: write what was wrong and what was done."));
					return Promise.reject(new Error("no details"));
				}
				return {
					resolution_details: given.resolution_details,
					...(security
						? {
								ops_security_checked: given.ops_security_checked,
								ops_security_note: given.ops_security_note,
						  }
						: {}),
					...(doc.ops_restored_on ? {} : { ops_restored_on: now() }),
					status: "Resolved",
				};
			},
			indicator: __("Resolved", null, "Ops Delivery"),
		});
	};

	const record_decision = (frm) => {
		ops_delivery.ask({
			title: __("Record the customer's decision"),
			intro: __("Staff cannot accept for the customer: write down who decided, when and how you know."),
			fields: [
				{
					fieldname: "decision",
					fieldtype: "Select",
					label: __("Decision"),
					reqd: 1,
					options: ["Accepted", "Accepted with Reservations", "Rejected"].map((value) => ({
						value,
						label: __(value),
					})),
				},
				{
					fieldname: "by_name",
					fieldtype: "Data",
					label: __("Who decided"),
					reqd: 1,
					description: __("Name of the customer's person"),
				},
				{ fieldname: "by_email", fieldtype: "Data", options: "Email", label: __("E-mail") },
				{
					fieldname: "decided_on",
					fieldtype: "Datetime",
					label: __("When"),
					reqd: 1,
					default: now(),
				},
				{
					fieldname: "how",
					fieldtype: "Small Text",
					label: __("How the customer said so"),
					reqd: 1,
					description: __("For example: by phone to Li Wei; signed sheet, attached"),
				},
				{
					fieldname: "comment",
					fieldtype: "Small Text",
					label: __("Comment or reason"),
					depends_on: "decision",
					mandatory_depends_on: 'eval:doc.decision=="Rejected"',
				},
				{
					fieldname: "reservations",
					fieldtype: "Small Text",
					label: __("Reservations, one a line"),
					description: __("Each becomes a leftover with an owner and a date"),
					depends_on: 'eval:doc.decision=="Accepted with Reservations"',
					mandatory_depends_on: 'eval:doc.decision=="Accepted with Reservations"',
				},
			],
			label: __("Record", null, "Button"),
			action: (given) => frappe.xcall("ops_delivery.api.issue.record_decision", { issue: frm.doc.name, ...given }),
			done: () => frm.reload_doc(),
		});
	};

	const hand_over = (frm) => ops_delivery.hand_over(frm);

	Object.assign(ops_delivery.issue, { resolve, record_decision, hand_over });
})();
