// Issue list: the nearest deadline beside the state, on top of ERPNext's own list settings.
(() => {
	const settings = (frappe.listview_settings["Issue"] = frappe.listview_settings["Issue"] || {});
	settings.add_fields = [
		...new Set([
			...(settings.add_fields || []),
			"ops_agreement",
			"response_by",
			"resolution_by",
			"sla_resolution_by", // its name in ERPNext since 2025; the list leaves out the one that is not there
			"first_responded_on",
			"agreement_status",
		]),
	];
	const native = settings.get_indicator;
	settings.get_indicator = (doc) => {
		const waiting = ["Open", "Replied", "On Hold"].includes(doc.status);
		if (!doc.ops_agreement || !waiting) return native ? native(doc) : undefined;
		const filter = `status,=,${doc.status}`;
		if (doc.agreement_status === "Failed") return [__("{0}, missed", [__(doc.status, null, "Issue")]), "red", filter];
		const resolution_by = doc.sla_resolution_by || doc.resolution_by;
		const due = doc.first_responded_on ? resolution_by : doc.response_by || resolution_by;
		if (doc.status === "On Hold" || !due) return [__(doc.status, null, "Issue"), "gray", filter];
		const left = moment(due).diff(frappe.datetime.system_datetime(true), "seconds");
		if (left < 0) return [__("{0}, missed", [__(doc.status, null, "Issue")]), "red", filter];
		const when =
			left < 86400
				? ops_delivery.duration(left)
				: left < 172800
				? __("1 day")
				: __("{0} days", [Math.floor(left / 86400)]);
		return [__("{0}, due in {1}", [__(doc.status, null, "Issue"), when]), left < 7200 ? "orange" : "blue", filter];
	};
})();
