frappe.listview_settings["Consulting Report"] = {
	get_indicator(doc) {
		const colours = {
			Draft: "orange",
			"Internal Review": "blue",
			"Customer Review": "blue",
			Issued: "green",
			"Followed Up": "green",
			Withdrawn: "gray",
		};
		return [__(doc.status, null, "Consulting Report"), colours[doc.status] || "gray", `status,=,${doc.status}`];
	},
};
