/**
 * The chart's bars begin and end at midnights of the browser's zone: a day is what the chart shows, whatever the site's zone
 * is. A bar whose move is refused goes back, where Frappe's own leaves it.
 */
const move_by_own_days = (list) => {
	if (!list.gantt) return;
	const day = (moment_) =>
		[moment_.getFullYear(), moment_.getMonth() + 1, moment_.getDate()].map((n) => String(n).padStart(2, "0")).join("-");
	list.gantt.options.on_date_change = (task, start, end) => {
		if (!list.can_write) return;
		frappe.db
			.set_value(task.doctype, task.id, { planned_start: day(start), planned_end: day(end) })
			.catch(() => list.refresh());
	};
};

frappe.listview_settings["Delivery Activity"] = {
	add_fields: [
		"subject",
		"state",
		"planned_start",
		"planned_end",
		"actual_start",
		"actual_end",
		"progress",
		"color",
		"is_milestone",
		"depends_on_tasks",
		"owner_user",
		"role",
		"service_content",
	],
	order_by: "planned_start asc",
	filters: [["state", "not in", ["Completed", "Cancelled"]]],
	refresh(list) {
		if (list.view_name !== "Gantt") return;
		list.load_lib.then(() => move_by_own_days(list));
		// a plan is looked at as a whole: one that was cut off is read again in full, and weeks show more than days
		if (list.data.length >= list.page_length && list.page_length < 500) {
			list.page_length = list.selected_page_count = 500;
			list.refresh();
		} else if (!list.view_user_settings.gantt_view_mode) {
			list.load_lib.then(() => list.gantt?.change_view_mode("Week"));
		}
	},
	get_indicator(doc) {
		const today = frappe.datetime.nowdate();
		const over = ["Completed", "Cancelled"].includes(doc.state);
		const word = __(doc.state, null, "Delivery Activity");
		if (!over && doc.planned_end < today) return [__("{0}, overdue", [word]), "red", `state,=,${doc.state}`];
		if (doc.state === "Not Started" && doc.planned_start < today) return [__("Not begun"), "orange", "state,=,Not Started"];
		return [word, ops_delivery.colour("Delivery Activity", doc.state), `state,=,${doc.state}`];
	},
	gantt_custom_popup_html(bar, doc) {
		const { esc } = ops_delivery;
		const day = (text) => (text ? frappe.datetime.str_to_user(text) : "–");
		return `<div class="title">${esc(doc.subject)}</div><div class="subtitle">
			${esc(__(doc.service_content))}<br>${__("Planned")}: ${day(doc.planned_start)} – ${day(doc.planned_end)}<br>
			${__("Actual")}: ${day(doc.actual_start)} – ${day(doc.actual_end)}<br>
			${esc(__(doc.state, null, "Delivery Activity"))}, ${Math.round(doc.progress || 0)} %<br>${esc(doc.role || doc.owner_user || "")}</div>`;
	},
};
