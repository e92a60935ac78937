// Issue list and the form's title: the nearest deadline beside the state, on top of ERPNext's own list settings.
(() => {
	const settings = (frappe.listview_settings["Issue"] = frappe.listview_settings["Issue"] || {});
	settings.add_fields = [
		...new Set([...(settings.add_fields || []), "ops_agreement", "ops_next_due", "agreement_status"]),
	];
	const native = settings.get_indicator;
	settings.get_indicator = (doc) => {
		const waiting = ["Open", "Replied", "On Hold"].includes(doc.status);
		if (!doc.ops_agreement || !waiting) return native ? native(doc) : undefined;
		const state = __(doc.status, null, "Issue");
		const filter = `status,=,${doc.status}`;
		const missed = [__("{0}, missed", [state]), "red", filter];
		const due = doc.status === "On Hold" ? null : doc.ops_next_due;
		if (!due) return doc.agreement_status === "Failed" ? missed : [state, "gray", filter];
		const left = moment(due).diff(frappe.datetime.system_datetime(true), "seconds");
		if (left < 0) return missed;
		const when = left < 86400 ? ops_delivery.duration(left) : __("{0} days", [Math.floor(left / 86400)]);
		// what was missed and is over is red as well: the title says what comes next
		const urgent = left < 7200 ? "orange" : "blue";
		return [__("{0}, due in {1}", [state, when]), doc.agreement_status === "Failed" ? "red" : urgent, filter];
	};
})();
