{% include "ops_delivery/public/js/configuration/key_points.js" %}

frappe.listview_settings["Service Notice"] = {
	add_fields: ["state", "reference_name"],
	hide_name_column: true,
	get_indicator(doc) {
		const colours = { Pending: "orange", Queued: "blue", Sent: "green", "Not Delivered": "red", Failed: "red" };
		return [__(doc.state, null, "Service Notice"), colours[doc.state] || "gray", `state,=,${doc.state}`];
	},
	formatters: {
		key_point: (value) => frappe.utils.escape_html(ops_delivery.key_point(value)),
	},
};
