// Not applicable: proposed by a manager, put in force or declined by another person, revoked with a reason.
frappe.provide("ops_delivery.evidence");

ops_delivery.once("evidence/exemptions.js", () => {
	const E = ops_delivery.evidence;
	const api = (name) => `ops_delivery.api.evidence.${name}`;
	const who = (user) => E.esc(frappe.user.full_name(user));

	/** What stands of an exemption below its clause. */
	E.exemption_line = ({ exemption }) => {
		if (!exemption) return "";
		const said = exemption.reviewed_by
			? __("Not applicable from {0}: {1} ({2}, reviewed by {3})", [E.day(exemption.from_date), E.esc(exemption.reason), who(exemption.proposed_by), who(exemption.reviewed_by)])
			: __("Proposed as not applicable from {0}: {1} ({2})", [E.day(exemption.from_date), E.esc(exemption.reason), who(exemption.proposed_by)]);
		return `<p class="ops-exemption">${said}</p>`;
	};

	E.exemption_buttons = ({ exemption, state }, answer) => {
		const button = (name, word) => `<button type="button" class="btn btn-xs btn-default ops-exempt" data-act="${name}" data-name="${E.esc(exemption?.name || "")}">${word}</button>`;
		if (!exemption) return answer.may_exempt && state !== "Proven" ? button("propose", __("Not applicable …")) : "";
		if (exemption.state === "Proposed" && exemption.proposed_by !== answer.user) return button("review", __("Review"));
		return button("revoke", __("Revoke"));
	};

	const propose = (shown, clause, first) => ({
		title: __("Not applicable to this agreement"),
		fields: [
			{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason", null, "Clause Exemption"), reqd: 1 },
			{ fieldname: "from_date", fieldtype: "Date", label: __("From", null, "Clause Exemption"), reqd: 1, default: first },
		],
		intro: __("Another manager or an auditor reviews it before it counts."),
		label: __("Propose", null, "Clause Exemption"),
		action: (values) => ops_delivery.load(api("propose_exemption"), { agreement: shown.asked.agreement, clause, ...values }),
	});
	const review = (name) => ({
		title: __("Review"),
		fields: [
			{
				fieldname: "agreed",
				fieldtype: "Select",
				label: __("Decision", null, "Clause Exemption"),
				options: [
					{ value: "1", label: __("It does not apply") },
					{ value: "0", label: __("Declined", null, "Clause Exemption") },
				],
				reqd: 1,
			},
			{ fieldname: "note", fieldtype: "Small Text", label: __("Opinion", null, "Clause Exemption"), depends_on: "eval:1" },
		],
		label: __("Review"),
		action: (values) => ops_delivery.load(api("review_exemption"), { name, ...values }),
	});
	const revoke = (name) => ({
		title: __("Revoke"),
		fields: [{ fieldname: "reason", fieldtype: "Small Text", label: __("Reason", null, "Clause Exemption"), reqd: 1 }],
		label: __("Revoke"),
		action: ({ reason }) => ops_delivery.load(api("revoke_exemption"), { name, reason }),
	});

	E.exemption_clicks = (shown, clauses) =>
		shown.$main.on("click", ".ops-exempt", (event) => {
			const { act, name } = event.currentTarget.dataset;
			const number = String($(event.currentTarget).closest(".ops-clause").data("number"));
			const one = clauses.answer.clauses.find((row) => row.number === number);
			const asked = act === "propose" ? propose(shown, one.name, shown.asked.first) : act === "review" ? review(name) : revoke(name);
			ops_delivery.ask({ ...asked, done: () => shown.load(true) });
		});
});
