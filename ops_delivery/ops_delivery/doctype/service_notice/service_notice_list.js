{% include "ops_delivery/public/js/configuration/key_points.js" %}

frappe.listview_settings["Service Notice"] = {
	add_fields: ["state", "reference_name"],
	hide_name_column: true,
	get_indicator(doc) {
		return [__(doc.state, null, "Service Notice"), ops_delivery.colour("Service Notice", doc.state), `state,=,${doc.state}`];
	},
	formatters: {
		key_point: (value) => frappe.utils.escape_html(ops_delivery.key_point(value)),
	},
};
