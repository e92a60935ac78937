// Reviews and signatures on the form of a reviewed document: what is needed, given, missing, and what can be done now.
frappe.provide("ops_delivery");

(() => {
	const { esc, pill, link } = ops_delivery;
	const TYPES = ["Service Agreement", "Delivery Plan", "Optimization Plan", "Consulting Plan", "Consulting Report",
		"Field Service Sheet", "Remote Support Session", "Operation Manual", "Deliverable", "Service Report", "Major Incident Report"];
	const call = (method, args) => frappe.xcall(`ops_delivery.api.reviews.${method}`, args);
	const when = (value) =>
		value ? esc(frappe.datetime.str_to_user(value)).replace(/(\d\d:\d\d):\d\d/, "$1") : "";
	const word = (text) => __(text, null, "Service Review");

	ops_delivery.review_panel = async (frm) => {
		if (frm.is_new() || !TYPES.includes(frm.doctype)) return;
		const name = frm.doc.name;
		const facts = await ops_delivery.load("ops_delivery.api.reviews.panel", { doctype: frm.doctype, name });
		if (frm.doc.name !== name) return;
		frm.dashboard.wrapper?.find?.(".ops-reviews").closest(".form-dashboard-section").remove();
		$(frm.wrapper).find(".ops-reviews").closest(".form-dashboard-section").remove();
		const shown_elsewhere = Boolean(frm.fields_dict.visit_html); // a visit shows its signature itself
		if (!facts.needs.length && !facts.reviews.length && (shown_elsewhere || !facts.signatures.length)) return;
		frm.dashboard.add_section(html(frm, facts), __("Reviews and Signatures"));
		frm.dashboard.show();
		bind(frm, facts);
	};

	const html = (frm, facts) => `<div class="ops-reviews">
		${facts.needs.length ? needs(facts) : ""}
		${facts.signatures.length ? signatures(facts) : ""}
		${facts.coverage.map((text) => `<p class="text-muted small ops-coverage">${esc(text)}</p>`).join("")}
		${facts.reviews.length ? record(facts) : ""}
		<div class="ops-review-buttons">${buttons(frm, facts)}</div>
	</div>`;

	const needs = (facts) => `<div class="table-responsive"><table class="table table-sm ops-review-table">
		<thead><tr><th>${word("Review")}</th><th>${__("Needed before")}</th><th>${__("Reviewed by")}</th><th>${__(
		"Approvals"
	)}</th><th>${__("How it stands")}</th></tr></thead>
		<tbody>${facts.needs.map(need).join("")}</tbody></table></div>`;

	const need = (row) => `<tr class="${row.when === "later" && !row.met ? "text-muted" : ""}">
		<td>${link("Review Rule", row.rule, __(row.rule))}${row.part ? ` <span class="text-muted">(${esc(__(row.part))})</span>` : ""}</td>
		<td>${esc(__(row.needed_before))}</td>
		<td>${row.party === "Customer" ? __("Customer", null, "Service Signature") : esc(__(row.role))}</td>
		<td class="text-nowrap">${row.given} / ${row.wanted}</td>
		<td>${standing(row)}</td></tr>`;

	const standing = (row) => {
		if (row.met) return `${pill(__("given"), "green")} <span class="text-muted">${esc(row.approved_by.join(", "))}</span>`;
		if (row.rejected_by.length) {
			return `${pill(__("rejected"), "red")} ${__("by {0}: change the content, then ask again", [
				esc(row.rejected_by.join(", ")),
			])}`;
		}
		const open = row.review
			? ` ${link("Service Review", row.review)}${row.due_on ? ` · ${__("due {0}", [when(row.due_on)])}` : ""}`
			: "";
		if (row.review) return pill(__("waiting"), "blue") + open;
		if (row.outdated) return `${pill(__("outdated"), "orange")} ${__("the content was changed since")}`;
		if (row.when === "next") return `${pill(__("not asked for"), "orange")}`;
		return pill(row.when === "later" ? __("later") : __("missing"), "gray");
	};

	const signatures = (facts) => `<ul class="ops-signatures">${facts.signatures
		.map((row) => {
			const party = `<b>${esc(__(row.party, null, "Service Signature"))}</b>`;
			if (row.state === "Missing") return `<li>${party} ${pill(__("not signed"), row.wanted ? "orange" : "gray")}</li>`;
			const who = [row.signer_name, row.signer_title].filter(Boolean).map(esc).join(", ");
			const how = `${link("Service Signature", row.name, when(row.signed_on))} · ${esc(__(row.channel, null, "Service Signature"))}`;
			return row.state === "Valid"
				? `<li>${party} ${pill(__("signed"), "green")} ${who} · ${how}</li>`
				: `<li>${party} ${pill(__("void"), "red")} <s>${who}</s> · ${how} <span class="text-muted">${esc(
						row.void_reason
				  )}</span></li>`;
		})
		.join("")}</ul>`;

	const record = (facts) => `<details class="ops-review-record"><summary>${__("Record of reviews ({0})", [
		facts.reviews.length,
	])}</summary>${facts.reviews.map(one).join("")}</details>`;

	const one = (row) => `<section><h6>${link("Service Review", row.name)} ${pill(word(row.state), ops_delivery.colour("Service Review", row.state))}
		${esc(__(row.rule))}${row.part ? ` (${esc(__(row.part))})` : ""} <span class="text-muted">· ${__("version {0}", [
		row.document_version,
	])} · ${__("asked {0}", [when(row.requested_on)])}</span></h6>
		<ul>${row.participants
			.map(
				(line) => `<li>${esc(line.full_name || line.user)}: <b>${esc(__(line.decision, null, "Service Review Participant"))}</b>${
					line.decided_on ? ` · ${when(line.decided_on)} · ${esc(__(line.channel, null, "Service Review Participant"))}` : ""
				}${line.opinion ? `<br><q>${esc(line.opinion)}</q>` : ""}</li>`
			)
			.join("")}</ul>
		${row.minutes ? `<p class="ops-lines text-muted"><b>${word("Minutes")}</b><br>${esc(row.minutes)}</p>` : ""}</section>`;

	const buttons = (frm, facts) => {
		const button = (action, label, review = "", primary = false) =>
			`<button type="button" class="btn btn-xs ${primary ? "btn-primary" : "btn-default"}" data-do="${action}" data-review="${esc(
				review
			)}">${label}</button>`;
		const named = (row) =>
			facts.reviews.filter((other) => other.state === "Open" && other.party === row.party).length > 1
				? ` (${esc(__(row.rule))})`
				: "";
		const found = [];
		facts.reviews.forEach((row) => {
			if (row.decidable) found.push(button("decide", __("Give Decision") + named(row), row.name, true));
			if (row.recordable && facts.can.write)
				found.push(button("record", __("Record the Customer's Decision") + named(row), row.name));
		});
		if (facts.can.request && !frm.is_dirty()) found.push(button("request", __("Request Review")));
		const missing = facts.signatures.filter((row) => row.state === "Missing" && row.wanted).map((row) => row.party);
		if (facts.can.write && missing.includes("Supplier")) found.push(button("sign", __("Sign for the Supplier")));
		if (facts.can.write && missing.length) found.push(button("paper", __("Record a Signature on Paper")));
		if (facts.reviews.some((row) => row.state !== "Withdrawn")) found.push(button("minutes", __("Add Minutes")));
		return found.join(" ");
	};

	const bind = (frm, facts) => {
		const actions = { decide, record: record_decision, request, sign, paper, minutes };
		$(frm.wrapper)
			.find(".ops-review-buttons [data-do]")
			.on("click", (e) => {
				if (frm.is_dirty()) {
					frappe.msgprint(__("Save the document first: a review is about what is saved."));
					return;
				}
				const row = facts.reviews.find((review) => review.name === e.currentTarget.dataset.review);
				actions[e.currentTarget.dataset.do](frm, facts, row);
			});
	};

	const done = async (frm, message) => {
		frappe.show_alert({ message, indicator: "green" });
		await frm.reload_doc();
	};

	const ask = (frm, { message, ...question }) => ops_delivery.ask({ ...question, done: () => done(frm, message) });

	const decision = () => ({
		fieldname: "decision",
		fieldtype: "Select",
		reqd: 1,
		label: word("Decision"),
		options: ["Approved", "Rejected"].map((value) => ({ value, label: word(value) })),
	});
	const opinion = (label) => ({
		fieldname: "opinion",
		fieldtype: "Small Text",
		label,
		mandatory_depends_on: 'eval:doc.decision=="Rejected"',
	});

	const decide = (frm, facts, row) =>
		ask(frm, {
			title: __("Your decision on {0}", [frm.doc.name]),
			intro: __("You decide about the content as it is saved now. A decision cannot be changed afterwards."),
			label: __("Decide"),
			fields: [
				decision(),
				opinion(__("Opinion")),
				{ fieldname: "minutes", fieldtype: "Small Text", label: __("Minutes (who met, what was discussed)") },
			],
			action: (given) => call("decide", { review: row.name, ...given }),
			message: __("Your decision is on record."),
		});

	const record_decision = (frm, facts, row) =>
		ask(frm, {
			title: __("Record the customer's decision"),
			intro: __("Staff cannot decide for the customer: write down who decided, when and how you know."),
			label: __("Record", null, "Button"),
			fields: [
				decision(),
				{ fieldname: "by_name", fieldtype: "Data", label: __("Who decided"), reqd: 1 },
				{
					fieldname: "decided_on",
					fieldtype: "Datetime",
					label: __("When"),
					reqd: 1,
					default: frappe.datetime.system_datetime(),
				},
				{ fieldname: "how", fieldtype: "Small Text", label: __("How the customer said so"), reqd: 1 },
				opinion(__("Opinion of the customer")),
				{ fieldname: "attachment", fieldtype: "Attach", label: __("Paper") },
			],
			action: (given) => call("record_decision", { review: row.name, ...given }),
			message: __("The customer's decision is on record."),
		});

	const request = async (frm) => {
		const asked = await call("request_review", { doctype: frm.doctype, name: frm.doc.name });
		done(frm, __("{0} reviews were asked for; the reviewers have been told.", [asked.length]));
	};

	const sign = (frm, facts) =>
		ask(frm, {
			title: __("Sign for the supplier"),
			intro: __("You sign {0} as it is saved now, with your name and the time. If the text changes, the signature is void.", [
				esc(frm.doc.name),
			]),
			label: __("Sign"),
			fields: [{ fieldname: "signer_title", fieldtype: "Data", label: __("Your position") }],
			action: (given) =>
				call("sign", { doctype: frm.doctype, name: frm.doc.name, content: facts.content, ...given }),
			message: __("Signed."),
		});

	const paper = (frm, facts) => {
		const missing = facts.signatures.filter((row) => row.state === "Missing").map((row) => row.party);
		ask(frm, {
			title: __("Record a signature given on paper"),
			label: __("Record", null, "Button"),
			fields: [
				{
					fieldname: "party",
					fieldtype: "Select",
					label: __("Party", null, "Ops Delivery"),
					reqd: 1,
					default: missing[0],
					options: missing.map((value) => ({ value, label: __(value, null, "Service Signature") })),
				},
				{ fieldname: "signer_name", fieldtype: "Data", label: __("Who signed"), reqd: 1 },
				{ fieldname: "signer_title", fieldtype: "Data", label: __("Position", null, "Ops Delivery") },
				{
					fieldname: "signed_on",
					fieldtype: "Datetime",
					label: __("When"),
					reqd: 1,
					default: frappe.datetime.system_datetime(),
				},
				{ fieldname: "attachment", fieldtype: "Attach", label: __("The signed paper"), reqd: 1 },
			],
			action: (given) => call("record_signature", { doctype: frm.doctype, name: frm.doc.name, ...given }),
			message: __("The signature is on record."),
		});
	};

	const minutes = (frm, facts) => {
		const rows = facts.reviews.filter((row) => row.state !== "Withdrawn");
		ask(frm, {
			title: __("Add minutes"),
			intro: __("What stands in the minutes stays; your addition gets your name and the time."),
			label: __("Add"),
			fields: [
				{
					fieldname: "review",
					fieldtype: "Select",
					label: word("Review"),
					reqd: 1,
					default: rows[rows.length - 1].name,
					options: rows.map((row) => ({ value: row.name, label: `${row.name} · ${__(row.rule)} · ${word(row.state)}` })),
				},
				{ fieldname: "text", fieldtype: "Text", label: word("Minutes"), reqd: 1 },
			],
			action: (given) => call("add_minutes", given),
			message: __("Added to the minutes."),
		});
	};

	// not waited for: without a connection no answer comes, ever, and what the form does next would not happen
	const refresh = (frm) => {
		ops_delivery.review_panel(frm);
	};
	TYPES.forEach((doctype) => frappe.ui.form.on(doctype, { refresh }));
})();
