{% include "ops_delivery/public/js/configuration/helpers.js" %}

// The matrix as a grid: a row for each urgency (highest on top), a column for each importance, a choice in each cell.
frappe.ui.form.on("Priority Matrix", {
	async refresh(frm) {
		frm.ops_was_enabled = frm.doc.enabled;
		frm.toggle_display("cells", false);
		await frm.events.load_scales(frm);
		frm.trigger("show_matrix");
	},

	/** Saving goes on when the administrator has read which agreements promise nothing for a priority. */
	async before_save(frm) {
		await ops_delivery.configuration.before_switching_off(frm);
		if (!frappe.validated) return;
		const lines = await frappe.xcall("ops_delivery.api.configuration.matrix_gaps", { doc: frm.doc });
		if (!lines.length) return;
		const { escape } = ops_delivery.configuration;
		const list = lines.map((line) => `<li>${escape(line)}</li>`).join("");
		await new Promise((resolve) =>
			frappe.confirm(`<p>${__("Nothing is promised for what this matrix gives:")}</p><ul>${list}</ul>`, resolve, () => {
				frappe.validated = false;
				resolve();
			})
		);
	},

	async load_scales(frm) {
		const scale = (doctype) =>
			frappe.db.get_list(doctype, { fields: ["name", "description"], order_by: `\`tab${doctype}\`.\`rank\` asc`, limit: 0 });
		[frm.urgencies, frm.importances] = await Promise.all([scale("Service Urgency"), scale("Service Importance")]);
	},

	show_matrix(frm) {
		const { escape, problem } = ops_delivery.configuration;
		const $wrapper = frm.get_field("matrix_html").$wrapper;
		const order = (frm.doc.priorities || []).map((row) => row.priority).filter(Boolean);
		if (!frm.urgencies?.length || !frm.importances?.length) {
			$wrapper.html(problem(__("First enter the steps of Service Urgency and of Service Importance.")));
			return;
		}
		if (!order.length) {
			$wrapper.html(
				`<p class="text-muted">${__("List the priorities above, lowest first; the matrix then appears here.")}</p>`
			);
			return;
		}
		const editable = frm.perm[0]?.write;
		const cell = (urgency, importance) => {
			const chosen = frm.events.cell_of(frm, urgency, importance)?.priority || "";
			const options = ["", ...order, ...(chosen && !order.includes(chosen) ? [chosen] : [])];
			const label = `${__(urgency)} × ${__(importance)}`;
			return `<td style="${frm.events.colour(order, chosen)}">
				<select class="form-control input-sm" ${editable ? "" : "disabled"} aria-label="${escape(label)}"
					data-urgency="${escape(urgency)}" data-importance="${escape(importance)}">
				${options
					.map(
						(option) => `<option value="${escape(option)}" ${option === chosen ? "selected" : ""}>${
							option ? escape(__(option)) : __("Choose…")
						}</option>`
					)
					.join("")}</select></td>`;
		};
		const heading = (row) =>
			`<th scope="col" title="${escape(__(row.description || ""))}">${escape(__(row.name))}</th>`;
		const rows = [...frm.urgencies]
			.reverse()
			.map(
				(row) => `<tr><th scope="row" title="${escape(__(row.description || ""))}">${escape(__(row.name))}</th>
				${frm.importances.map((column) => cell(row.name, column.name)).join("")}</tr>`
			)
			.join("");
		$wrapper.html(`<div class="ops-matrix"><table>
			<thead><tr><td class="text-muted">${__("Urgency")} ↓ &nbsp; ${__("Importance")} →</td>
			${frm.importances.map(heading).join("")}</tr></thead><tbody>${rows}</tbody></table>
			<p class="text-muted">${__("Each report gets the priority of its urgency and importance; staff may choose another with a reason.")}</p></div>`);
		$wrapper.find("select").on("change", (e) => {
			const { urgency, importance } = e.target.dataset;
			frm.events.choose(frm, urgency, importance, e.target.value);
			$(e.target).closest("td").attr("style", frm.events.colour(order, e.target.value));
		});
	},

	cell_of: (frm, urgency, importance) =>
		(frm.doc.cells || []).find((row) => row.urgency === urgency && row.importance === importance),

	choose(frm, urgency, importance, priority) {
		const row = frm.events.cell_of(frm, urgency, importance) || frm.add_child("cells", { urgency, importance });
		if (priority) {
			row.priority = priority;
		} else {
			frm.doc.cells = frm.doc.cells.filter((other) => other !== row);
			frm.doc.cells.forEach((other, index) => (other.idx = index + 1));
		}
		frm.dirty();
	},

	// From green for the lowest priority to red for the highest
	colour(order, priority) {
		const rank = order.indexOf(priority);
		if (rank < 0) return "background: var(--control-bg)";
		const share = order.length > 1 ? rank / (order.length - 1) : 0;
		return `background: hsl(${Math.round(130 - 130 * share)} 70% 50% / 0.22)`;
	},
});

const show_matrix = (frm) => frm.trigger("show_matrix");

frappe.ui.form.on("Priority Matrix Rank", {
	priority: show_matrix,
	priorities_remove: show_matrix,
	priorities_move: show_matrix,
});
