frappe.listview_settings["Service Agreement"] = {
	add_fields: ["status", "version", "end_date"],
	has_indicator_for_draft: true,
	get_indicator(doc) {
		const colours = {
			Draft: "gray",
			"Internal Review": "yellow",
			"Customer Review": "orange",
			Signing: "blue",
			Active: "green",
			Scheduled: "blue",
			Expired: "gray",
			Superseded: "gray",
			Suspended: "orange",
			Terminated: "red",
			Cancelled: "red",
		};
		return [__(doc.status, null, "Service Agreement"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
