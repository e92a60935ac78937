// Ready-made configurations in the settings: what there is, what is planted, and the two things to do with it.
frappe.provide("ops_delivery.configuration");

ops_delivery.configuration.ready_made = async function () {
	const { esc } = ops_delivery;
	const dialog = new frappe.ui.Dialog({
		title: __("Ready-made configurations"),
		fields: [{ fieldtype: "HTML", fieldname: "list" }],
	});
	const $list = dialog.fields_dict.list.$wrapper;

	const state = (row) => {
		if (row.lacking.length) return __("Not possible here: this site has no {0}.", [esc(row.lacking.join(", "))]);
		if (!row.there) return __("Not planted yet.");
		return __("{0} of {1} records are there.", [row.there, row.records]);
	};
	const button = (action, label, row) =>
		`<button type="button" class="btn btn-default btn-sm" data-action="${action}" data-key="${esc(row.key)}">${label}</button>`;
	const show = (rows) =>
		$list.html(
			rows
				.map(
					(row) => `<section class="ops-ready-made">
						<h4>${esc(row.title)}</h4>
						<p>${esc(row.description)}</p>
						<p class="text-muted" role="status">${state(row)}</p>
						<p>${!row.lacking.length && row.there < row.records ? button("plant", __("Plant", null, "Ops Delivery"), row) : ""}
						${row.planted && row.there ? button("remove", __("Take away"), row) : ""}</p>
					</section>`
				)
				.join("")
		);
	const load = async () => show(await frappe.xcall("ops_delivery.api.configuration.ready_made_list"));
	const told = (answer) =>
		[
			[__("Added", null, "Ops Delivery"), answer.added],
			[__("Removed", null, "Ops Delivery"), answer.removed],
			[__("Switched off, as clocks were measured by it"), answer.switched_off],
			[__("Left as it is"), [...(answer.there || []), ...(answer.kept || [])]],
		]
			.filter(([, names]) => names && names.length)
			.map(([label, names]) => `<p><b>${label}</b><br>${names.map(esc).join("<br>")}</p>`)
			.join("");
	const act = async (action, key) => {
		const answer = await frappe.xcall(`ops_delivery.api.configuration.${action}_ready_made`, { key });
		await load();
		frappe.msgprint({ title: __("Ready-made configurations"), message: told(answer) });
	};

	$list.on("click", "button[data-action]", (event) => {
		const { action, key } = event.currentTarget.dataset;
		if (action === "plant") return act(action, key);
		frappe.confirm(
			__("What you edited stays, and what clocks were measured by is switched off. Take the rest away?"),
			() => act(action, key)
		);
	});
	await load();
	dialog.show();
};
