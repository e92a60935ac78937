frappe.listview_settings["Service Clock Trigger"] = {
	add_fields: ["state", "attempts", "run_at"],
	get_indicator(doc) {
		return doc.state === "Failed"
			? [__("Failed"), "red", "state,=,Failed"]
			: [__("Pending", null, "Service Clock Trigger"), "blue", "state,=,Pending"];
	},
	formatters: {
		// the engine's own trigger marks the clock as missed; nobody is told by it
		step: (value) =>
			value === "::deadline" ? __("Deadline (marks the clock)") : frappe.utils.escape_html(__(value, null, "Escalation Step")),
	},
	onload(list) {
		if (!frappe.user.has_role(["Service Delivery Manager", "System Manager"])) return;
		list.page.add_actions_menu_item(__("Try again"), () => {
			const names = list.get_checked_items().filter((row) => row.state === "Failed").map((row) => row.name);
			if (!names.length) {
				frappe.show_alert(__("Choose triggers that have failed."));
				return;
			}
			frappe.xcall("ops_delivery.api.clocks.retry", { names }).then(({ retried }) => {
				frappe.show_alert({
					message: __("{0} triggers are tried again with the next sweep", [retried]),
					indicator: "green",
				});
				list.clear_checked_items();
				list.refresh();
			});
		});
	},
};
