// Handing a matter over to another service content, from any form that a matter can come from (6.2.d–6.5.f).
frappe.provide("ops_delivery");

(() => {
	const PROPOSE = "propose";

	/** The dialog: where to, as which record, who takes it on. Opens the next record at once, or only proposes it. */
	ops_delivery.hand_over = async (frm) => {
		const contents = await frappe.xcall(
			"ops_delivery.api.handover.contents",
			{ doctype: frm.doctype },
			"GET"
		);
		const targets_of = (content) => contents.find((row) => row.content === content)?.targets || [];
		const dialog = ops_delivery.ask({
			title: __("Hand over"),
			fields: [
				{
					fieldname: "service_content",
					fieldtype: "Select",
					label: __("To", null, "Ops Delivery"),
					reqd: 1,
					options: contents.map(({ content }) => ({ value: content, label: __(content) })),
					change: () => offer(dialog, targets_of(dialog.get_value("service_content"))),
				},
				{
					fieldname: "how",
					fieldtype: "Select",
					label: __("Next record"),
					reqd: 1,
					depends_on: "service_content",
					description: __("It is opened with the facts of this record; both show the other"),
				},
				{
					fieldname: "subject",
					fieldtype: "Data",
					label: __("Subject"),
					default: frm.doc.subject || frm.doc.title || frm.doc.project_name,
					reqd: 1,
				},
				{
					fieldname: "owner",
					fieldtype: "Link",
					options: "User",
					label: __("Who takes it on"),
					get_query: () => ({ filters: { user_type: "System User", enabled: 1 } }),
				},
				{ fieldname: "due", fieldtype: "Date", label: __("Due") },
				{ fieldname: "note", fieldtype: "Small Text", label: __("What should be done, and why") },
			],
			label: __("Hand over"),
			action: (given) => send(frm, given),
			done: (show) => show(),
		});
	};

	const offer = (dialog, targets) => {
		dialog.set_df_property("how", "options", [
			...targets.map((doctype) => ({ value: doctype, label: __("Open a new {0} now", [__(doctype)]) })),
			{ value: PROPOSE, label: __("Only propose it: whoever takes it on opens the record") },
		]);
		dialog.set_value("how", targets[0] || PROPOSE);
	};

	/** Gives what shows the result. */
	const send = async (frm, { how, ...given }) => {
		const source = { doctype: frm.doctype, name: frm.doc.name };
		if (how === PROPOSE) {
			const name = await frappe.xcall("ops_delivery.api.handover.hand_over", { ...source, ...given });
			told(__("Handed over as {0}", [frappe.utils.get_form_link("Service Handover", name, true)]));
			return () => frm.reload_doc();
		}
		const next = await frappe.xcall("ops_delivery.api.handover.open_next", {
			...source,
			...given,
			target_doctype: how,
		});
		told(__("Handed over as {0}", [frappe.utils.get_form_link("Service Handover", next.handover, true)]));
		return () => frappe.set_route("Form", next.doctype, next.name);
	};

	const told = (message) => frappe.show_alert({ message, indicator: "green" }, 10);

	/** The button on a form whose record is saved and may be written. */
	ops_delivery.hand_over_button = (frm, group) => {
		if (frm.is_new() || !frm.perm[0]?.write || !frappe.model.can_create("Service Handover")) return;
		frm.add_custom_button(__("Hand over"), () => ops_delivery.hand_over(frm), group);
	};
})();
