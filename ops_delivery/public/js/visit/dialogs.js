// What a step of a visit asks for. A dialog stays open, with what was typed, until the server has agreed.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/dialogs.js", () => {
	const V = ops_delivery.visit;

	const ask = (frm, { method, args = (given) => given, item = "", ...question }) => {
		const part = `dialog:${method}:${item}`;
		const dialog = ops_delivery.ask({
			...question,
			action: async (given) => {
				const values = await args(given, dialog);
				if (!values) return false;
				await V.act(frm, method, values);
				V.drop_draft(frm, part);
			},
		});
		dialog.$wrapper.addClass("ops-visit-dialog");
		V.draft_dialog(frm, dialog, part);
	};

	const person = (facts, label) => ({
		fieldname: "person",
		fieldtype: "Data",
		label: label || __("Who at the customer?"),
		reqd: 1,
		default: facts.people[0] || "",
	});

	const with_person = (method, title, label, text) => (frm, facts) =>
		ask(frm, {
			title,
			label,
			method,
			fields: [{ fieldtype: "HTML", options: `<p class="text-muted">${text}</p>` }, person(facts)],
		});

	V.dialogs = {
		confirm_details: with_person(
			"confirm_details",
			__("Confirm with the customer"),
			__("Confirmed", null, "Ops Delivery"),
			__("Content, required time, earlier support and leftovers were gone through with the customer.")
		),
		confirm_arrival: with_person(
			"confirm_arrival",
			__("Tell the customer"),
			__("Confirmed", null, "Ops Delivery"),
			__("The customer was told and confirms the time.")
		),
		confirm_work: with_person(
			"confirm_work",
			__("Confirm the work"),
			__("Confirmed", null, "Ops Delivery"),
			__("What is done, and how, was gone through with the customer. Only this may be done.")
		),
		leave: (frm, facts) =>
			ask(frm, {
				title: facts.remote ? __("End the session") : __("Leave"),
				label: facts.remote ? __("End") : __("Leave"),
				method: "leave",
				fields: [
					{
						fieldtype: "HTML",
						options: `<p class="text-muted">${
							facts.remote
								? __("The customer gives permission to end the session.")
								: __("The customer gives permission to leave.")
						}</p>`,
					},
					person(facts, __("Who gave permission?")),
				],
			}),
		finish_item: (frm, facts, { item }) =>
			ask(frm, {
				title: __("Done", null, "Field Service Work Item"),
				label: __("Done", null, "Field Service Work Item"),
				method: "finish_item",
				item,
				fields: [{ fieldname: "result", fieldtype: "Small Text", label: __("Result") }],
				args: (given) => ({ item, result: given.result || "" }),
			}),
		leave_item_open: (frm, facts, { item }) =>
			ask(frm, {
				title: __("Not finished"),
				label: __("Leave it open"),
				method: "leave_item_open",
				item,
				fields: [
					{ fieldname: "reason", fieldtype: "Small Text", label: __("Why"), reqd: 1 },
					...treatment(),
				],
				args: (given) => ({ item, ...given }),
			}),
		drop_item: (frm, facts, { item }) =>
			ask(frm, {
				title: __("Not wanted"),
				label: __("Drop it"),
				method: "drop_item",
				item,
				fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Why") }],
				args: (given) => ({ item, reason: given.reason || "" }),
			}),
		add_leftover: (frm, facts) =>
			ask(frm, {
				title: __("Note a leftover"),
				label: __("Save"),
				method: "add_leftover",
				fields: [
					{ fieldname: "subject", fieldtype: "Data", label: __("What is left"), reqd: 1 },
					...treatment(),
					{ fieldname: "agreed_with", fieldtype: "Data", label: __("Agreed with"), default: facts.people[0] || "" },
					{ fieldname: "blocks", fieldtype: "Check", label: __("Blocks closing"), default: 1 },
				],
			}),
		finish_work: (frm) =>
			ask(frm, {
				title: __("Finish the work"),
				label: __("Finish", null, "Ops Delivery"),
				method: "finish_work",
				fields: [
					{
						fieldname: "outcome",
						fieldtype: "Select",
						label: __("Outcome"),
						reqd: 1,
						options: ["Job Done", "More to Do"].map((value) => ({ value, label: __(value) })),
						default: "Job Done",
						description: __("More to do: the job is not completed by this, another visit or session follows"),
					},
					{ fieldname: "note", fieldtype: "Small Text", label: __("Findings"), default: frm.doc.outcome_note },
				],
			}),
		cancel: (frm) =>
			ask(frm, {
				title: __("Cancel it"),
				label: __("It does not take place"),
				method: "cancel",
				fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Why cancelled"), reqd: 1 }],
			}),
		ask_superior,
		sign,
	};

	function treatment() {
		return [
			{ fieldname: "treatment", fieldtype: "Small Text", label: __("Agreed treatment") },
			{
				fieldname: "owner",
				fieldtype: "Link",
				options: "User",
				label: __("Owner", null, "Service Leftover"),
				default: frappe.session.user,
				get_query: () => ({ filters: { user_type: "System User", enabled: 1 } }),
			},
			{ fieldname: "due", fieldtype: "Date", label: __("Due") },
		];
	}

	async function ask_superior(frm, facts, { item } = {}) {
		const people = await frappe.xcall("ops_delivery.api.visits.superiors");
		if (!people.length) {
			frappe.msgprint(__("There is nobody to ask: no other user is a Service Delivery Manager or a Technical Expert."));
			return;
		}
		ask(frm, {
			title: __("Ask a superior"),
			label: __("Ask", null, "Ops Delivery"),
			method: "ask_superior",
			item,
			fields: [
				{
					fieldname: "superior",
					fieldtype: "Select",
					label: __("Whom"),
					reqd: 1,
					options: people,
					default: frm.ops_last_superior || people[0].value,
				},
				...(item ? [] : [{ fieldname: "work", fieldtype: "Small Text", label: __("What the customer wishes"), reqd: 1 }]),
				{
					fieldname: "question",
					fieldtype: "Small Text",
					label: __("Question", null, "Ops Delivery"),
					reqd: 1,
					description: item
						? __("This item stands still until the answer comes.")
						: __("The wish is taken up only when it is granted."),
				},
			],
			args: (given) => {
				frm.ops_last_superior = given.superior;
				return { ...given, item: item || "", kind: item ? "Unforeseen Problem" : "Extra Wish" };
			},
		});
	}

	function sign(frm, facts) {
		const open = facts.open.filter((row) => !["not_signed", "not_permitted"].includes(row.code));
		ask(frm, {
			title: __("The customer signs"),
			label: __("Sign"),
			method: "sign",
			fields: [
				{ fieldtype: "HTML", options: V.summary(frm, facts, open) },
				{ fieldname: "signer_name", fieldtype: "Data", label: __("Name", null, "Ops Delivery"), reqd: 1, default: facts.people[0] || "" },
				{ fieldname: "signer_title", fieldtype: "Data", label: __("Position", null, "Ops Delivery") },
				{ fieldname: "image", fieldtype: "Signature", label: __("Signature", null, "Ops Delivery") },
			],
			args: (given, dialog) => {
				const image = given.image || dialog.get_value("image");
				if (!image) {
					frappe.msgprint(__("The signature is missing: sign in the box with a finger."));
					return null;
				}
				return { ...given, image, content: facts.content };
			},
		});
	}
});
