// Amending an agreement: versions set against each other, and what a new one means for open records.
frappe.provide("ops_delivery.agreement");

(() => {
	const { esc } = ops_delivery;

	const compare = (frm, other) => compared(frm, other).then((html) => show(frm, other, html));
	const compared = (frm, other) => frappe.xcall("ops_delivery.api.agreements.compare", { name: frm.doc.name, other });

	const show = (frm, other, html) => {
		const dialog = new frappe.ui.Dialog({
			title: __("Comparison of versions"),
			size: "extra-large",
			fields: [{ fieldname: "html", fieldtype: "HTML" }],
			primary_action_label: __("Print (PDF)"),
			primary_action: () =>
				open_url_post("/api/method/ops_delivery.api.agreements.compare_pdf", { name: frm.doc.name, other: other || "" }, true),
		});
		dialog.fields_dict.html.$wrapper.html(html);
		dialog.show();
	};

	/** Choose any agreement of the same customer to compare with. */
	ops_delivery.agreement.choose_and_compare = (frm) => {
		const earlier = frm.doc.previous_version || frm.doc.predecessor;
		if (earlier) return compare(frm);
		ops_delivery.ask({
			title: __("Comparison of versions"),
			label: __("Compare"),
			fields: [
				{
					fieldname: "other",
					fieldtype: "Link",
					options: "Service Agreement",
					label: __("Compare with"),
					reqd: 1,
					get_query: () => ops_delivery.of_customer(frm.doc.customer, { name: ["!=", frm.doc.name] }),
				},
			],
			action: async ({ other }) => ({ other, html: await compared(frm, other) }),
			done: ({ other, html }) => show(frm, other, html),
		});
	};

	ops_delivery.agreement.preview = async (frm) => {
		if (frm.is_dirty()) {
			frappe.show_alert({ message: __("Save the agreement first: the preview works on what is saved."), indicator: "orange" });
			return;
		}
		const told = await frappe.xcall("ops_delivery.api.agreements.preview", { name: frm.doc.name });
		const dialog = new frappe.ui.Dialog({
			title: __("Open records this version would touch"),
			size: "extra-large",
			fields: [{ fieldname: "html", fieldtype: "HTML" }],
		});
		dialog.fields_dict.html.$wrapper.html(preview_html(frm.doc, told));
		dialog.show();
	};

	function preview_html(doc, told) {
		if (!told.records) {
			return `<p>${__("No open record is ruled by an earlier version of this agreement.")}</p>`;
		}
		const moves = told.moves
			? __("On {0} they will follow this version, measured from what is left of their time.", [
					frappe.datetime.str_to_user(doc.start_date),
			  ])
			: __("They keep the version they were taken on under. Tick {0} if both parties want them to follow.", [
					`<b>${__("Open requests follow")}</b>`,
			  ]);
		const head = `<p>${__("{0} open records; for {1} of them this version promises something else.", [
			`<b>${told.records}</b>`,
			`<b>${told.changed}</b>`,
		])} ${moves}</p><p class="text-muted">${__("Worked out as if it began now. Nothing is changed by looking at it.")}</p>`;
		if (!told.clocks.length) return head;
		const rows = told.clocks.map(
			(line) => `<tr>
				<th scope="row"><a href="${frappe.utils.get_form_link(line.doctype, line.record)}">${esc(line.record)}</a><small>${esc(line.title)}</small></th>
				<td>${esc(__(line.commitment, null, "Service Commitment"))}${stage(line)}</td>
				<td>${changed(esc(__(line.priority || "")), esc(__(line.new_priority || "")))}</td>
				<td>${changed(
					line.target == null ? __("nothing promised") : ops_delivery.duration(line.target),
					line.new_target == null ? __("nothing promised") : ops_delivery.duration(line.new_target)
				)}${line.new_calendar && line.new_calendar !== line.calendar ? `<small>${esc(__(line.new_calendar))}</small>` : ""}</td>
				<td>${deadline(line)}</td></tr>`
		);
		return `${head}<div class="ops-matrix-scroll"><table class="ops-matrix"><thead><tr>
			${[__("Record"), __("Commitment"), __("Priority", null, "Ops Delivery"), __("Target"), __("Deadline")]
				.map((label) => `<th scope="col">${label}</th>`)
				.join("")}</tr></thead><tbody>${rows.join("")}</tbody></table></div>
			${told.more ? `<p class="text-muted">${__("… and {0} more.", [told.more])}</p>` : ""}`;
	}

	function stage(line) {
		const words = { Paused: __("Paused"), Cancelled: __("The clock goes on"), "": __("The clock starts") }[line.state];
		return words ? `<small>${words}</small>` : "";
	}

	const changed = (old, now) => (old === now ? old : `<del>${old}</del> → <ins>${now}</ins>`);

	function deadline(line) {
		const when = (value) => (value ? frappe.datetime.str_to_user(value).slice(0, -3) : "–");
		if (line.new_target == null) return changed(when(line.due), "–");
		return changed(when(line.due), when(line.new_due));
	}
})();
