// The responsibilities of a plan as a matrix of matters × roles: to look at, and to fill in at once.
frappe.provide("ops_delivery.plan");

(() => {
	const { esc } = ops_delivery;
	const LETTERS = { Responsible: "R", Accountable: "A", Consulted: "C", Informed: "I" };
	const CHOICES = ["", "R", "A", "R A", "C", "I"];
	const DUTIES = Object.fromEntries(Object.entries(LETTERS).map(([duty, letter]) => [letter, duty]));

	const unique = (texts) => [...new Set(texts.map((text) => (text || "").trim()).filter(Boolean))];
	const letters = (doc, matter, role) =>
		(doc.duties || [])
			.filter((row) => (row.matter || "").trim() === matter && (row.role || "").trim() === role)
			.map((row) => LETTERS[row.duty])
			.sort((one, other) => "RACI".indexOf(one) - "RACI".indexOf(other))
			.join(" ");

	const roles_of = (doc) => unique([...(doc.staff || []).map((row) => row.role), ...(doc.duties || []).map((row) => row.role)]);

	const problem = (doc, matter) => {
		const of = (duty) => unique((doc.duties || []).filter((row) => (row.matter || "").trim() === matter && row.duty === duty).map((row) => row.role));
		if (of("Accountable").length > 1) return __("more than one is accountable");
		if (!of("Accountable").length) return __("nobody is accountable");
		if (!of("Responsible").length) return __("nobody is responsible");
		return "";
	};

	ops_delivery.plan.draw_raci = (frm) => {
		const $at = frm.get_field("raci_html").$wrapper;
		const doc = frm.doc;
		const matters = unique((doc.duties || []).map((row) => row.matter));
		const roles = roles_of(doc);
		const may = frm.perm[0]?.write && frm.fields_dict.duties.df.read_only !== 1 && !frm.ops_overview?.fixed;
		const edit = may
			? `<button type="button" class="btn btn-default btn-sm" data-raci>${
					matters.length ? __("Edit as a table") : __("Fill in as a table")
			  }</button>`
			: "";
		if (!matters.length) {
			$at.html(`<div class="ops-empty"><p>${__("Nobody has a duty yet. For each matter one role is accountable and at least one does the work.")}</p>${edit}</div>`);
		} else {
			$at.html(`<div class="ops-matrix-scroll"><table class="ops-matrix ops-raci"><thead><tr><th scope="col">${__("Matter")}</th>${roles
				.map((role) => `<th scope="col">${esc(role)}</th>`)
				.join("")}</tr></thead><tbody>${matters
				.map((matter) => {
					const wrong = problem(doc, matter);
					return `<tr><th scope="row">${esc(matter)}${wrong ? `<small class="ops-act-late">${wrong}</small>` : ""}</th>${roles
						.map((role) => {
							const found = letters(doc, matter, role);
							return `<td class="${found.includes("A") ? "is-a" : found.includes("R") ? "is-r" : ""}">${found}</td>`;
						})
						.join("")}</tr>`;
				})
				.join("")}</tbody></table></div>
			<p class="text-muted">${__("R responsible, A accountable, C consulted, I informed")}</p>${edit}`);
		}
		$at.off(".raci").on("click.raci", "[data-raci]", () => fill(frm));
	};

	const fill = (frm) => {
		const roles = roles_of(frm.doc);
		if (!roles.length) {
			frappe.msgprint(__("Enter the staff first: their roles are the columns of the table."));
			return;
		}
		const matters = unique((frm.doc.duties || []).map((row) => row.matter));
		const row = (matter) => `<tr><td><input class="form-control input-sm" aria-label="${__("Matter")}" value="${esc(matter)}"></td>${roles
			.map(
				(role) => `<td><select class="form-control input-sm" aria-label="${esc(role)}" data-role="${esc(role)}">${CHOICES.map(
					(choice) => `<option ${choice === letters(frm.doc, matter, role) && matter ? "selected" : ""}>${choice}</option>`
				).join("")}</select></td>`
			)
			.join("")}</tr>`;
		const dialog = new frappe.ui.Dialog({
			title: __("Responsibilities"),
			size: "extra-large",
			fields: [
				{
					fieldname: "table",
					fieldtype: "HTML",
					options: `<p class="text-muted">${__("R responsible, A accountable, C consulted, I informed")}. ${__(
						"One A and at least one R in each row; clear a matter to remove it."
					)}</p><div class="ops-matrix-scroll"><table class="ops-matrix ops-raci"><thead><tr><th scope="col">${__("Matter")}</th>${roles
						.map((role) => `<th scope="col">${esc(role)}</th>`)
						.join("")}</tr></thead><tbody>${[...matters, "", "", ""].map(row).join("")}</tbody></table></div>`,
				},
			],
			primary_action_label: __("Take over"),
			primary_action: () => {
				frm.clear_table("duties");
				dialog.$wrapper.find(".ops-raci tbody tr").each((_index, line) => {
					const matter = $(line).find("input").val().trim();
					if (!matter) return;
					$(line)
						.find("select")
						.each((_number, select) => {
							for (const letter of select.value.split(" ").filter(Boolean)) {
								frm.add_child("duties", { matter, role: select.dataset.role, duty: DUTIES[letter] });
							}
						});
				});
				frm.refresh_field("duties");
				frm.dirty();
				dialog.hide();
				ops_delivery.plan.draw_raci(frm);
			},
		});
		dialog.show();
	};
})();
