// What staff do with an Issue, in its natural order. An action only sets fields and saves, or calls api/: the server's
// rules decide. A dialog stays open, with what was typed, until the server has agreed.
frappe.provide("ops_delivery.issue");

(() => {
	const now = () => frappe.datetime.system_datetime();
	const text_of = (html) => $("<div>").html(html || "").text().trim();

	/** Set values and save; rejects, with the form as it was before, if the server refuses. */
	const save_with = (frm, values) =>
		new Promise((resolve, reject) => {
			const was_dirty = frm.is_dirty();
			const before = {};
			for (const key of Object.keys(values)) before[key] = frm.doc[key] ?? null;
			const undo = () => {
				Object.assign(frm.doc, before);
				if (!was_dirty) {
					delete frm.doc.__unsaved;
					frm.toolbar.refresh();
				}
				reject();
			};
			// not by frm.set_value: a text editor would report its own markup as another change after the save
			Object.assign(frm.doc, values);
			frm.dirty();
			frm.save("Save", (r) => (r.exc ? undo() : resolve()), null, undo);
		});

	/** A dialog whose answer becomes field values; it closes only when they are saved. */
	const ask = (frm, { title, label, fields, values, indicator }) => {
		const dialog = new frappe.ui.Dialog({
			title,
			fields,
			primary_action_label: label,
			primary_action: (given) => {
				dialog.disable_primary_action();
				Promise.resolve(values(given, dialog))
					.then((result) => (result ? save_with(frm, result) : null))
					.then(() => {
						dialog.hide();
						if (indicator) frappe.show_alert({ message: indicator, indicator: "green" });
					})
					.catch(() => {})
					.finally(() => dialog.enable_primary_action());
			},
		});
		dialog.show();
		return dialog;
	};

	const judge = (frm) => {
		const doc = frm.doc;
		const dialog = ask(frm, {
			title: __("Judge the report"),
			label: __("Save the judgement"),
			fields: [
				{
					fieldname: "ops_validity",
					fieldtype: "Select",
					label: __("The report is"),
					options: [
						{ value: "Valid", label: __("Valid") },
						{ value: "Invalid", label: __("Invalid") },
					],
					default: doc.ops_validity || "Valid",
					reqd: 1,
				},
				{
					fieldname: "ops_invalid_reason",
					fieldtype: "Small Text",
					label: __("Why it is invalid"),
					default: doc.ops_invalid_reason,
					description: __("The customer reads this"),
					depends_on: 'eval:doc.ops_validity=="Invalid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Invalid"',
				},
				{
					fieldname: "issue_type",
					fieldtype: "Link",
					options: "Issue Type",
					label: __("Category"),
					default: doc.issue_type,
					depends_on: 'eval:doc.ops_validity=="Valid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid"',
				},
				{
					fieldname: "ops_urgency",
					fieldtype: "Link",
					options: "Service Urgency",
					label: __("Urgency"),
					default: doc.ops_urgency,
					description: __("How soon it must be handled"),
					depends_on: 'eval:doc.ops_validity=="Valid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid"',
					onchange: () => preview(),
				},
				{
					fieldname: "ops_importance",
					fieldtype: "Link",
					options: "Service Importance",
					label: __("Importance"),
					default: doc.ops_importance,
					description: __("How much the affected object matters to the customer"),
					depends_on: 'eval:doc.ops_validity=="Valid"',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid"',
					onchange: () => preview(),
				},
				{ fieldname: "result", fieldtype: "HTML", depends_on: 'eval:doc.ops_validity=="Valid"' },
				{
					fieldname: "priority",
					fieldtype: "Link",
					options: "Issue Priority",
					label: __("Another priority"),
					description: __("Leave blank to take the priority of the matrix"),
					depends_on: 'eval:doc.ops_validity=="Valid"',
				},
				{
					fieldname: "ops_priority_reason",
					fieldtype: "Small Text",
					label: __("Why another priority"),
					depends_on: 'eval:doc.ops_validity=="Valid" && doc.priority',
					mandatory_depends_on: 'eval:doc.ops_validity=="Valid" && doc.priority',
				},
			],
			values: (given) => {
				if (given.ops_validity === "Invalid") {
					return { ops_validity: "Invalid", ops_invalid_reason: given.ops_invalid_reason };
				}
				const other = given.priority && given.priority !== dialog.matrix_priority;
				return {
					ops_validity: "Valid",
					issue_type: given.issue_type,
					ops_urgency: given.ops_urgency,
					ops_importance: given.ops_importance,
					priority: (other && given.priority) || dialog.matrix_priority || doc.priority,
					ops_priority_reason: other ? given.ops_priority_reason : "",
				};
			},
			indicator: __("Judged"),
		});
		const preview = frappe.utils.debounce(async () => {
			const { ops_urgency: urgency, ops_importance: importance } = dialog.get_values(true);
			let html = __("Choose urgency and importance to see the priority.");
			dialog.matrix_priority = null;
			if (urgency && importance) {
				const found = await frappe.xcall("ops_delivery.api.issue.priority_by_matrix", {
					issue: doc.name,
					urgency,
					importance,
				});
				dialog.matrix_priority = found.priority;
				html = found.priority
					? __("{0} by the matrix {1}", [
							`<b>${frappe.utils.escape_html(__(found.priority))}</b>`,
							frappe.utils.escape_html(found.matrix),
					  ])
					: __("The matrix {0} has no cell for this pair; choose a priority below.", [
							frappe.utils.escape_html(found.matrix || ""),
					  ]);
				if (found.targets.length) {
					html += `<br><span class="text-muted">${found.targets
						.map((t) =>
							frappe.utils.escape_html(
								`${__(t.commitment)}: ${ops_delivery.duration(t.target)} (${t.calendar})`
							)
						)
						.join(" · ")}</span>`;
				}
			}
			dialog.fields_dict.result.$wrapper
				.attr("role", "status")
				.html(`<p><span class="text-muted">${__("Priority")}:</span> ${html}</p>`);
		}, 200);
		if (!doc.ops_importance && doc.ops_object) {
			frappe.db.get_value("Service Object", doc.ops_object, "importance").then(({ message }) => {
				if (message?.importance) dialog.set_value("ops_importance", message.importance);
			});
		}
		preview();
	};

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
					return Promise.reject();
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
			indicator: __("Resolved"),
		});
	};

	const record_decision = (frm) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Record the customer's decision"),
			fields: [
				{
					fieldtype: "HTML",
					options: `<p class="text-muted">${__(
						"Staff cannot accept for the customer: write down who decided, when and how you know."
					)}</p>`,
				},
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
			primary_action_label: __("Record"),
			primary_action: (given) => {
				frappe
					.xcall("ops_delivery.api.issue.record_decision", { issue: frm.doc.name, ...given })
					.then(() => {
						dialog.hide();
						frm.reload_doc();
					});
			},
		});
		dialog.show();
	};

	const hand_over = (frm) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Hand over"),
			fields: [
				{
					fieldname: "service_content",
					fieldtype: "Select",
					label: __("To"),
					reqd: 1,
					options: [
						"Routine Operation",
						"Optimization and Improvement",
						"Consultation and Evaluation",
					].map((value) => ({ value, label: __(value) })),
				},
				{
					fieldname: "subject",
					fieldtype: "Data",
					label: __("Subject"),
					default: frm.doc.subject,
					reqd: 1,
				},
				{ fieldname: "owner", fieldtype: "Link", options: "User", label: __("Who takes it on") },
				{ fieldname: "due", fieldtype: "Date", label: __("Due") },
				{
					fieldname: "note",
					fieldtype: "Small Text",
					label: __("What should be done, and why"),
					description: __("The facts of this Issue are carried over with it"),
				},
			],
			primary_action_label: __("Hand over"),
			primary_action: (given) => {
				frappe
					.xcall("ops_delivery.api.handover.hand_over", {
						doctype: "Issue",
						name: frm.doc.name,
						...given,
					})
					.then((name) => {
						dialog.hide();
						frappe.show_alert({
							message: __("Handed over as {0}", [
								frappe.utils.get_form_link("Service Handover", name, true),
							]),
							indicator: "green",
						});
						frm.reload_doc();
					});
			},
		});
		dialog.show();
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
			label: () => __("Resume"),
			possible: (d) => d.status === "On Hold",
			next: (d) => d.status === "On Hold",
			run: resume,
		},
		{
			label: () => __("Assign"),
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
			label: () => __("Restored"),
			possible: (d) => open_states.includes(d.status) && !d.ops_restored_on,
			next: (d) => open_states.includes(d.status) && !d.ops_restored_on,
			run: at_moment("ops_restored_on", __("Service restored"), __("Restored")),
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
			label: () => __("Repair clocks"),
			possible: (d) => d.ops_agreement && frappe.user.has_role(["Delivery Manager", "System Manager"]),
			next: () => false,
			run: repair,
		},
	];
})();
