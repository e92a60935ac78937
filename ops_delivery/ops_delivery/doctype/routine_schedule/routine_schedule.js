// A schedule shows the dates it would make before it is saved: the server works them out, as it does for the tasks.
const DATED = [
	"agreement", "manual", "first_date", "last_date", "repeats", "every", "month_day", "position", "rule", "monday", "tuesday",
	"wednesday", "thursday", "friday", "saturday", "sunday", "short_month", "closed_days", "calendar", "lead_days", "days_to_do",
	"rhythm", "assign_to", "person", "substitute", "user_group", "enabled",
];

const show = frappe.utils.debounce(async (frm) => {
	const $box = frm.fields_dict.preview.$wrapper;
	if (!frm.perm[0]?.write || !frm.doc.agreement) {
		$box.empty();
		return;
	}
	const { rule, dates, year, problems } = await ops_delivery.load("ops_delivery.api.routine.preview", { doc: frm.doc }, "POST");
	const day = (value) => frappe.utils.escape_html(frappe.datetime.str_to_user(value));
	const weekday = (value) => __(moment(value).locale("en").format("dddd"));
	if (frm.doc.repeats !== "By a Rule" && frm.doc.rule !== rule) {
		frm.doc.rule = rule;
		frm.refresh_field("rule");
	}
	const wrong = problems.map(
		(row) => `<li><b>${frappe.utils.escape_html(__(frm.get_field(row.field)?.df.label || row.field, null, frm.doctype))}</b>: ${row.text}</li>`
	);
	const lines = dates.map(
		(row) => `<tr class="${row.after_agreement ? "text-muted" : ""}">
			<td>${day(row.planned_on)}</td><td>${weekday(row.planned_on)}</td>
			<td>${row.meant_for ? __("moved from {0}", [day(row.meant_for)]) : ""}</td>
			<td>${day(row.made_on)}</td><td>${day(row.due_on)}</td>
			<td>${row.after_agreement ? __("after the end of the agreement: no task is made") : ""}</td></tr>`
	);
	$box.html(
		`${wrong.length ? `<div class="ops-problem"><ul>${wrong.join("")}</ul></div>` : ""}
		${
			lines.length
				? `${ops_delivery.routine.year(year)}<div class="table-responsive"><table class="table table-sm"><thead><tr><th>${__("Planned on", null, "Routine Task")}</th><th></th><th></th><th>${__("Made on")}</th>
				<th>${__("To be done by", null, "Routine Task")}</th><th></th></tr></thead><tbody>${lines.join("")}</tbody></table></div>`
				: wrong.length
				? ""
				: `<p class="text-muted">${__("No date lies ahead.")}</p>`
		}`
	);
}, 400);

frappe.ui.form.on("Routine Schedule", {
	setup(frm) {
		const staff = () => ({ filters: { user_type: "System User", enabled: 1 } });
		for (const field of ["person", "substitute"]) frm.set_query(field, staff);
		frm.set_query("user", "people", staff);
		frm.set_query("agreement", () => ({ filters: { status: ["in", ["Draft", "Scheduled", "Active", "Suspended"]] } }));
		frm.set_query("manual", (doc) => ops_delivery.manuals_of(doc.customer));
		frm.set_query("service_object", "objects", (doc) => ops_delivery.of_customer(doc.customer, { enabled: 1 }));
	},

	refresh(frm) {
		show(frm);
		if (frm.is_new() || !frm.doc.customer || !frm.perm[0]?.write) return;
		frm.add_custom_button(__("Add objects"), () => pick(frm));
	},

	...Object.fromEntries(DATED.map((field) => [field, show])),
});

frappe.ui.form.on("Routine Object", { service_object: show, objects_remove: show });

/** Several objects at once, found by name, place and importance. */
function pick(frm) {
	new frappe.ui.form.MultiSelectDialog({
		doctype: "Service Object",
		target: frm,
		setters: { object_name: null, location: null, importance: null },
		get_query: () => ({ filters: { customer: frm.doc.customer, enabled: 1 } }),
		action(names) {
			const there = new Set(frm.doc.objects.map((row) => row.service_object));
			for (const name of names.filter((one) => !there.has(one))) {
				const row = frm.add_child("objects");
				frappe.model.set_value(row.doctype, row.name, "service_object", name);
			}
			frm.refresh_field("objects");
			cur_dialog.hide();
			show(frm);
		},
	});
}
