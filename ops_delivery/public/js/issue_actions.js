// What staff do with an Issue, in its natural order. An action only sets fields and saves, or calls api/: the server's
// rules decide.
(() => {
	const { ask, save_with, judge, resolve, record_decision, hand_over } = ops_delivery.issue;
	const now = () => frappe.datetime.system_datetime();

	const at_moment = (fieldname, title, label, also = {}) => (frm) =>
		ask(frm, {
			title,
			label,
			fields: [
				{
					fieldname,
					fieldtype: "Datetime",
					label: __("When"),
					default: now(),
					reqd: 1,
					description: __("Now, or when it really was"),
				},
			],
			values: (given) => ({ ...also, [fieldname]: given[fieldname] }),
		});

	const pause = (frm) =>
		ask(frm, {
			title: __("Pause the work"),
			label: __("Pause"),
			fields: [
				{
					fieldname: "ops_pause_reason",
					fieldtype: "Small Text",
					label: __("Why it is paused"),
					reqd: 1,
					description: __("The customer is told"),
				},
			],
			values: (given) => ({ status: "On Hold", ops_pause_reason: given.ops_pause_reason }),
			indicator: __("Paused"),
		});

	const resume = (frm) =>
		save_with(frm, { status: "Open" }).then(
			() => frappe.show_alert({ message: __("The work goes on"), indicator: "green" }),
			() => {}
		);

	const decides = () => frappe.user.has_role("Service Delivery Manager");

	/** A manager says that it is a major incident, or none, whatever the agreement's rule says; the reason is kept. */
	const decide_major = (decision, title) => (frm) =>
		ops_delivery.ask({
			title,
			label: title,
			fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason", null, "Ops Delivery"), reqd: 1, description: __("It is kept with the report.") }],
			action: ({ reason }) => frappe.xcall("ops_delivery.api.incidents.decide", { issue: frm.doc.name, decision, reason }),
			done: () => frm.reload_doc(),
		});

	const open_report = async (frm) => {
		const name = await frappe.xcall("ops_delivery.api.incidents.report_on", { issue: frm.doc.name });
		frappe.set_route("Form", "Major Incident Report", name);
	};

	const repair = (frm) => ops_delivery.repair(frm.doctype, frm.doc.name, () => frm.reload_doc());

	const open_states = ["Open", "Replied"];

	/** The actions in their natural order. `next`: it is what should happen now; `possible`: it may be done. */
	ops_delivery.issue.actions = [
		{
			label: () => __("Judge"),
			possible: (d) => !["Closed", "Resolved"].includes(d.status),
			next: (d) => !d.ops_validity,
			run: judge,
		},
		{
			label: () => __("Resume", null, "Issue"),
			possible: (d) => d.status === "On Hold",
			next: (d) => d.status === "On Hold",
			run: resume,
		},
		{
			label: () => __("Assign", null, "Ops Delivery"),
			possible: (d) => d.status !== "Closed",
			next: (d, frm) =>
				d.ops_validity === "Valid" &&
				open_states.includes(d.status) &&
				!(frm.get_docinfo().assignments || []).length,
			run: (frm) => frm.assign_to.add(),
		},
		{
			label: () => __("On the way"),
			possible: (d) => open_states.includes(d.status) && !d.ops_departed_on && !d.ops_arrived_on,
			next: (d) => d.ops_onsite && !d.ops_departed_on && !d.ops_arrived_on,
			run: at_moment("ops_departed_on", __("On the way"), __("On the way"), { ops_onsite: 1 }),
		},
		{
			label: () => __("Arrived"),
			possible: (d) => open_states.includes(d.status) && d.ops_onsite && !d.ops_arrived_on,
			next: (d) => d.ops_onsite && d.ops_departed_on && !d.ops_arrived_on,
			run: at_moment("ops_arrived_on", __("Arrived on site"), __("Arrived"), { ops_onsite: 1 }),
		},
		{
			label: () => __("Pause"),
			possible: (d) => open_states.includes(d.status),
			next: () => false,
			run: pause,
		},
		{
			label: () => __("Restored", null, "Ops Delivery"),
			possible: (d) => open_states.includes(d.status) && !d.ops_restored_on,
			next: (d) => open_states.includes(d.status) && !d.ops_restored_on,
			run: at_moment("ops_restored_on", __("Service restored"), __("Restored", null, "Ops Delivery")),
		},
		{
			label: () => __("Resolve"),
			possible: (d) => open_states.includes(d.status),
			next: (d) => open_states.includes(d.status),
			run: resolve,
		},
		{
			label: () => __("Record the customer's decision"),
			possible: (d) => d.ops_acceptance_status === "Requested",
			next: (d) => d.ops_acceptance_status === "Requested",
			run: record_decision,
		},
		{
			label: () => __("It happened again"),
			possible: (d) => d.status === "Closed" && d.ops_validity !== "Invalid",
			next: () => false,
			run: (frm) => ops_delivery.issue.happened_again(frm),
		},
		{
			label: () => __("Hand over"),
			possible: () => frappe.model.can_create("Service Handover"),
			next: () => false,
			run: hand_over,
		},
		{
			label: () => __("Print the response record"),
			possible: (d) => d.ops_agreement,
			next: () => false,
			run: (frm) =>
				ops_delivery.print("response_record_pdf", { doctype: frm.doctype, name: frm.doc.name }),
		},
		{
			label: () => __("Declare a major incident"),
			possible: (d) => decides() && d.ops_agreement && d.ops_validity === "Valid" && !d.ops_major,
			next: () => false,
			run: decide_major("Declared", __("Declare a major incident")),
		},
		{
			label: () => __("Withdraw the major incident"),
			possible: (d) => decides() && d.ops_major,
			next: () => false,
			run: decide_major("Withdrawn", __("Withdraw the major incident")),
		},
		{
			label: () => __("Report on the major incident"),
			possible: (d) => d.ops_major && frappe.model.can_write("Major Incident Report"),
			next: () => false,
			run: open_report,
		},
		{
			label: () => __("Repair clocks"),
			possible: (d) =>
				d.ops_agreement &&
				frappe.model.can_write(d.doctype) &&
				frappe.user.has_role(["Service Delivery Manager", "System Manager"]),
			next: () => false,
			run: repair,
		},
	];
})();
