// The targets of a Service Agreement as a table of commitments × priorities: to look at, and to fill in at once.
frappe.provide("ops_delivery");

(() => {
	const { esc } = ops_delivery;
	const UNITS = { d: 86400, 天: 86400, h: 3600, 小时: 3600, 时: 3600, m: 60, min: 60, 分钟: 60, 分: 60, s: 1, 秒: 1 };

	/** "30m", "4h", "2h 30m", "1.5h", "4:30", "4小时" or "4" (hours), in full width too → seconds; null if it cannot be read. */
	ops_delivery.parse_duration = (text) => {
		text = String(text || "").normalize("NFKC").trim().toLowerCase();
		if (!text) return 0;
		const clock = text.match(/^(\d+):([0-5]\d)$/);
		if (clock) return clock[1] * 3600 + clock[2] * 60;
		if (/^\d+(\.\d+)?$/.test(text)) return Math.round(text * 3600);
		const part = /(\d+(?:\.\d+)?)\s*(小时|分钟|min|[dhms天时分秒])\s*/gy;
		let seconds = 0;
		let end = 0;
		for (let found; (found = part.exec(text)); end = part.lastIndex) seconds += found[1] * UNITS[found[2]];
		return end === text.length ? Math.round(seconds) : null;
	};

	/** Seconds as they are typed: "2h 30m". */
	const typed = (seconds) => {
		if (!seconds) return "";
		const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
		return [h && `${h}h`, m && `${m}m`, s && `${s}s`].filter(Boolean).join(" ");
	};

	/** Priorities lowest first: of the matrix, then any other the targets name. */
	const priorities_of = (doc, order) => [
		...new Set([...order, ...(doc.targets || []).map((row) => row.priority).filter(Boolean)]),
	];

	const find = (doc, commitment, priority) =>
		(doc.targets || []).find((row) => row.commitment === commitment && row.priority === priority);

	const frame = (caption, commitments, priorities, cell) => `<div class="ops-matrix-scroll"><table class="ops-matrix">
		<caption class="sr-only">${caption}</caption>
		<thead><tr><th scope="col">${__("Commitment")}</th>${priorities
		.map((priority) => `<th scope="col">${esc(__(priority))}</th>`)
		.join("")}</tr></thead>
		<tbody>${commitments
			.map(
				(commitment) => `<tr><th scope="row">${esc(__(commitment, null, "Service Commitment"))}</th>${priorities
					.map((priority) => `<td>${cell(commitment, priority)}</td>`)
					.join("")}</tr>`
			)
			.join("")}</tbody></table></div>`;

	/** The targets to look at. `order`: priorities lowest first; `commitments` in their sequence. */
	ops_delivery.target_table = (doc, order, commitments) => {
		const used = commitments.filter((name) => (doc.targets || []).some((row) => row.commitment === name));
		if (!used.length) return "";
		return frame(__("Targets", null, "Ops Delivery"), used, priorities_of(doc, order), (commitment, priority) => {
			const row = find(doc, commitment, priority);
			if (!row?.target) return `<span class="text-muted">${__("nothing promised")}</span>`;
			const own = row.calendar && row.calendar !== doc.calendar ? row.calendar : "";
			return `${ops_delivery.duration(row.target)}${own ? `<small>${esc(__(own))}</small>` : ""}`;
		});
	};

	/** The dialog that fills in the whole table. */
	ops_delivery.fill_targets = async (frm, order, commitments) => {
		if (!order.length) {
			frappe.msgprint(__("Choose the Priority Matrix first: its priorities are the columns of the table."));
			return;
		}
		const calendars = await frappe.db.get_list("Service Calendar", {
			filters: { enabled: 1 },
			pluck: "name",
			order_by: "name",
			limit: 0,
		});
		const names = calendars.map((row) => row.name || row);
		const columns = priorities_of(frm.doc, order);
		const dialog = new frappe.ui.Dialog({
			title: __("Fill the table of targets"),
			size: "extra-large",
			fields: [
				{
					fieldname: "help",
					fieldtype: "HTML",
					options: `<p class="text-muted">${__(
						"Service hours: 30m, 4h, 2h 30m; a number alone means hours. Leave blank what is not promised. A target may have service hours of its own."
					)}</p>`,
				},
				{ fieldname: "table", fieldtype: "HTML" },
				{ fieldname: "problem", fieldtype: "HTML" },
			],
			primary_action_label: __("Take over"),
			primary_action: () => take_over(frm, dialog),
		});
		const $table = dialog.fields_dict.table.$wrapper;
		$table.html(
			frame(__("Targets", null, "Ops Delivery"), commitments, columns, (commitment, priority) => {
				const row = find(frm.doc, commitment, priority);
				const where = esc(`${__(commitment, null, "Service Commitment")}, ${__(priority)}`);
				const at = `data-commitment="${esc(commitment)}" data-priority="${esc(priority)}"`;
				return `<input type="text" class="form-control input-xs" ${at} aria-label="${where}"
						value="${typed(row?.target)}" placeholder="–" autocomplete="off">
					<select class="form-control input-xs" ${at} aria-label="${esc(
					__("Service hours of {0}", [`${__(commitment, null, "Service Commitment")}, ${__(priority)}`])
				)}">
						<option value="">${__("as agreed")}</option>
						${names
							.map(
								(name) =>
									`<option value="${esc(name)}" ${row?.calendar === name ? "selected" : ""}>${esc(
										__(name, null, "Service Commitment")
									)}</option>`
							)
							.join("")}
					</select>`;
			})
		);
		$table.on("input", "input", (e) => {
			const unreadable = ops_delivery.parse_duration(e.target.value) === null;
			e.target.setAttribute("aria-invalid", unreadable);
		});
		dialog.show();
	};

	function take_over(frm, dialog) {
		const rows = [];
		const wrong = [];
		dialog.fields_dict.table.$wrapper.find("input").each((_i, input) => {
			const { commitment, priority } = input.dataset;
			const target = ops_delivery.parse_duration(input.value);
			if (target === null) wrong.push(`${__(commitment, null, "Service Commitment")}, ${__(priority)}: ${input.value}`);
			const calendar = $(input).next("select").val();
			if (target) rows.push({ commitment, priority, target, calendar });
		});
		const $problem = dialog.fields_dict.problem.$wrapper;
		$problem.empty();
		if (wrong.length) {
			$problem.html(
				`<p role="alert" class="text-danger">${__(
					"These times cannot be read: {0}. Write them like 30m, 4h or 2h 30m.",
					[esc(wrong.join("; "))]
				)}</p>`
			);
			dialog.fields_dict.table.$wrapper.find('[aria-invalid="true"]').first().trigger("focus");
			return;
		}
		frm.clear_table("targets");
		rows.forEach((row) => frm.add_child("targets", row));
		frm.refresh_field("targets");
		frm.dirty();
		frm.trigger("show_targets");
		dialog.hide();
	}
})();
