// Above a draft: what review will ask for.
frappe.provide("ops_delivery");

/** Ask the server what a draft lacks, and say it above the form; `line` gives a row's HTML. Whether anything was listed. */
ops_delivery.show_missing = async (frm, method, args, line) => {
	frm.set_intro("");
	if (frm.is_new() || frm.doc.status !== "Draft") return false;
	const name = frm.doc.name;
	const missing = await ops_delivery.load(method, args, "GET");
	if (frm.doc.name !== name) return false;
	if (!missing.length) {
		frm.set_intro(__("Complete: it can be sent to review."), "green");
		return false;
	}
	const items = missing.map((row) => `<li>${line(row)}</li>`).join("");
	frm.set_intro(`${__("Before it can be reviewed it still needs:")}<ul class="ops-missing">${items}</ul>`, "blue");
	return true;
};
