// What the pages of objects have in common: colours, moments, links.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine/object_words.js", () => {
	const R = ops_delivery.routine;
	R.STATES = ["Abnormal", "At Risk", "Not Seen", "Normal"];
	R.esc = (text) => frappe.utils.escape_html(String(text ?? ""));
	R.state_word = (state) => __(state, null, "Object State");
	R.state_pill = (state) => (state ? `<span class="indicator-pill ${ops_delivery.colour("Routine Reading", state)}">${R.esc(R.state_word(state))}</span>` : "");
	/** A stored moment, to the minute. */
	R.moment = (stored) => (stored ? frappe.datetime.str_to_user(stored).replace(/:\d\d$/, "") : "");
	R.day = (stored) => (stored ? frappe.datetime.str_to_user(stored.slice(0, 10)) : "");
	R.link = (text, ...route) => `<a href="${R.esc(frappe.router.make_url(route))}">${R.esc(text)}</a>`;
	/** A value with its unit, unless that was typed with it. */
	R.value = ({ value, unit }) => {
		const shown = ["Yes", "No"].includes(value) ? __(value) : String(value ?? "");
		return unit && !shown.includes(unit) ? `${shown} ${unit}` : shown;
	};
	/** The labels of objects as a PDF; on a sheet that was begun, past the places that are used. */
	R.labels = (names) =>
		ops_delivery.ask({
			title: __("Print labels"),
			fields: [
				{
					fieldname: "skip",
					fieldtype: "Int",
					label: __("Labels already used on the first sheet"),
					default: 0,
					description: __("24 labels to a sheet (A4, 3 × 8, 70 × 37 mm), counted from the top left, row by row. Print at 100 %."),
				},
			],
			label: __("Print labels"),
			action: async ({ skip }) => {
				if (!(skip >= 0 && skip <= 23)) frappe.throw(__("Labels already used: {0} is not possible. Enter a number from 0 to 23.", [R.esc(skip)]));
				open_url_post("/api/method/ops_delivery.api.printing.object_labels", { names: JSON.stringify(names), skip: skip || 0 }, true);
			},
		});
});
