// Before a rule is saved by which running clocks would move: how many, whose, the largest moves; from when, and why.
ops_delivery.configuration.ChangeDialog = class {
	constructor({ frm, found, preview, resolve }) {
		Object.assign(this, { frm, preview, resolve, said: false });
		this.words = (text) => __(text, null, frm.doctype);
		const from_a_day = frappe.meta.has_field(frm.doctype, "change_date");
		const choices = ["From now on", ...(from_a_day ? ["From a date"] : [])];
		this.dialog = new frappe.ui.Dialog({
			title: __("Running clocks move"),
			size: "large",
			fields: [
				{ fieldname: "effect", fieldtype: "HTML" },
				{
					fieldname: "change_from",
					fieldtype: "Select",
					reqd: 1,
					label: this.words("Change Holds"),
					options: choices.map((value) => ({ value, label: this.words(value) })),
					default: choices[0],
					description: this.words(frappe.meta.get_docfield(frm.doctype, "change_from").description),
					change: () => this.refresh(),
				},
				{
					fieldname: "change_date",
					fieldtype: "Date",
					label: this.words("From Day"),
					depends_on: "eval:doc.change_from === 'From a date'",
					mandatory_depends_on: "eval:doc.change_from === 'From a date'",
					min_date: frappe.datetime.str_to_obj(found.first_day),
					change: () => this.refresh(),
				},
				{
					fieldname: "change_reason",
					fieldtype: "Small Text",
					reqd: 1,
					label: this.words("Reason for the Change"),
					default: frm.ops_said?.modified === frm.doc.modified ? frm.ops_said.reason : "",
					description: this.words("Kept with the new revision; nobody edits it"),
				},
				{ fieldname: "moves", fieldtype: "HTML" },
			],
			primary_action_label: __("Save"),
			primary_action: (values) => this.save(values),
		});
		this.dialog.$wrapper.addClass("ops-change");
		this.dialog.onhide = () => {
			if (!this.said) frappe.validated = false;
			this.resolve();
		};
		this.show(found);
		this.dialog.show();
		// Frappe takes over what is typed when the field is left; one that is drawn anew before would show what it had
		const reason = this.dialog.get_field("change_reason");
		reason.$input.on("input", () => (reason.value = reason.$input.val()));
	}

	save({ change_from, change_date, change_reason }) {
		this.said = true;
		this.frm.ops_said = { reason: change_reason, modified: this.frm.doc.modified }; // kept where the save is refused
		const day = change_from === "From a date" ? change_date : null;
		Object.assign(this.frm.doc, { change_from, change_reason }, day ? { change_date: day } : {});
		this.dialog.hide();
	}

	async refresh() {
		const { change_from, change_date } = this.dialog.get_values(true) || {};
		const turn = (this.turn = (this.turn || 0) + 1);
		const day = change_from === "From a date" ? change_date : null;
		try {
			const found = await this.preview(day);
			if (turn === this.turn) this.show(found, day);
		} catch (message) {
			if (turn !== this.turn) return;
			this.$effect().html(ops_delivery.configuration.problem(message));
			this.dialog.get_field("moves").$wrapper.empty();
		}
	}

	$effect() {
		return this.dialog.get_field("effect").$wrapper;
	}

	show(found, day) {
		const { escape } = ops_delivery.configuration;
		const lines = [
			__("{0} of {1} running clocks move.", [`<b>${found.clocks}</b>`, found.running]) +
				(found.paused ? ` ${__("{0} paused ones go on by the new rule.", [found.paused])}` : ""),
		];
		if (found.pending) {
			const begins = [frappe.datetime.str_to_user(found.pending)];
			lines.push(
				day > found.pending
					? __("The change that begins on {0} holds until then.", begins)
					: __("The change that was to begin on {0} is given up.", begins)
			);
		}
		if (found.agreements.length) {
			const named = found.agreements.slice(0, 5).map((row) => `${escape(row.title)} (${row.clocks})`);
			if (found.agreements.length > 5) named.push(__("{0} more", [found.agreements.length - 5]));
			lines.push(__("Agreements: {0}", [named.join(", ")]));
		}
		this.$effect().html(`<div role="status">${lines.map((line) => `<p>${line}</p>`).join("")}</div>`);
		this.dialog.get_field("moves").$wrapper.html(this.table(found.moves));
	}

	table(moves) {
		if (!moves.length) return "";
		const { escape } = ops_delivery.configuration;
		const steps = this.frm.doctype === "Escalation Policy";
		const when = (value, state, other) => {
			if (value) return escape(frappe.datetime.str_to_user(value)).replace(/(\d\d:\d\d):\d\d/, "$1");
			return state === other || state === "Running" ? "–" : escape(__(state, null, "Service Clock"));
		};
		const record = (row) =>
			row.record
				? `<a href="${frappe.utils.get_form_link(row.doctype, row.record)}" target="_blank">${escape(row.record)}</a>`
				: escape(__(row.doctype));
		const title = steps ? __("The largest moves of the next step") : __("The largest moves of deadlines");
		return `<h5>${title}</h5><table class="table table-sm ops-change-moves" aria-label="${title}">
			<thead><tr><th>${__("Record")}</th><th>${__("So far")}</th><th>${__("From then on")}</th></tr></thead><tbody>${moves
			.map(
				(row) => `<tr><td>${record(row)}<div class="text-muted">${escape(
					__(row.commitment, null, "Service Commitment")
				)}</div></td>
				<td>${when(row.old, row.old_state, row.new_state)}</td><td>${when(row.new, row.new_state, row.old_state)}</td></tr>`
			)
			.join("")}</tbody></table>`;
	}
};

/** Above a form whose hours or steps begin on a day to come: until when the former ones hold. */
ops_delivery.configuration.say_pending = function (frm) {
	const day = frm.doc.__onload?.ops_pending;
	if (!day) return;
	frm.set_intro(
		__("What stands here begins on {0}. Until then clocks run by the revision before, see Rule Version.", [
			frappe.datetime.str_to_user(day),
		]),
		"blue"
	);
};

/** A form whose rule running clocks follow: it asks before it is saved, and says what waits for its day. */
ops_delivery.configuration.follow_rule = (doctype) =>
	frappe.ui.form.on(doctype, {
		async before_save(frm) {
			await ops_delivery.configuration.before_switching_off(frm);
			await ops_delivery.configuration.before_rule_change(frm);
		},
		refresh(frm) {
			frm.ops_was_enabled = frm.doc.enabled;
			ops_delivery.configuration.say_pending(frm);
		},
	});
