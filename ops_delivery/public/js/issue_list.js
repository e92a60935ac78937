// Issue list and the form's title: the nearest deadline beside the state, on top of ERPNext's own list settings.
(() => {
	const settings = (frappe.listview_settings["Issue"] = frappe.listview_settings["Issue"] || {});
	settings.add_fields = [
		...new Set([...(settings.add_fields || []), "ops_agreement", "ops_next_due", "agreement_status"]),
	];
	/** In one unit, and no more than is left: a longer text is cut in the list's column and beside a title on a phone. */
	const time_left = (seconds) => {
		if (seconds >= 172800) return __("{0} days", [Math.floor(seconds / 86400)]);
		if (seconds >= 6000) return __("{0} h", [Math.floor(seconds / 3600)], "Ops Delivery");
		return __("{0} min", [Math.floor(seconds / 60)]);
	};
	const native = settings.get_indicator;
	settings.get_indicator = (doc) => {
		const waiting = ["Open", "Replied", "On Hold"].includes(doc.status);
		if (!doc.ops_agreement || !waiting) return native ? native(doc) : undefined;
		const state = __(doc.status, null, "Issue");
		const filter = `status,=,${doc.status}`;
		const missed = [__("{0}, missed", [state]), "red", filter];
		const due = doc.status === "On Hold" ? null : doc.ops_next_due;
		// the host's field is empty where no clock runs, ran or stands still
		if (!due && !doc.agreement_status) return [`${state} · ${__("not measured")}`, "yellow", filter];
		if (!due) return doc.agreement_status === "Failed" ? missed : [state, "gray", filter];
		const left = moment(due).diff(frappe.datetime.system_datetime(true), "seconds");
		if (left < 0) return missed;
		// what was missed and is over is red as well: the badge says what comes next
		const urgent = left < 7200 ? "orange" : "blue";
		return [`${state} · ${time_left(left)}`, doc.agreement_status === "Failed" ? "red" : urgent, filter];
	};
})();
