{% include "ops_delivery/public/js/configuration/helpers.js" %}
{% include "ops_delivery/public/js/configuration/change_dialog.js" %}
{% include "ops_delivery/public/js/configuration/year_view.js" %}
{% include "ops_delivery/public/js/configuration/what_if.js" %}
{% include "ops_delivery/public/js/configuration/fill_dialog.js" %}

ops_delivery.configuration.follow_rule("Service Calendar");

frappe.ui.form.on("Service Calendar", {
	refresh(frm) {
		ops_delivery.configuration.set_time_zones(frm, "time_zone");
		if (frm.is_new() && !frm.doc.time_zone) {
			frm.set_value("time_zone", frappe.boot.time_zone?.system || frappe.boot.sysdefaults.time_zone);
		}
		if (frm.is_new() && frm.doc.windows?.length === 1 && !frm.doc.windows[0].start_time) {
			// the row Frappe begins a required table with
			Object.assign(frm.doc.windows[0], { start_time: "09:00:00", end_time: "18:00:00" });
			frm.refresh_field("windows");
		}
		if (frm.perm[0]?.write) {
			for (const [source, label] of [
				["public", __("From the public calendar")],
				["list", __("From a Holiday List")],
			]) {
				frm.add_custom_button(
					label,
					() => new ops_delivery.configuration.FillDialog({ frm, source }),
					__("Fill a year")
				);
			}
		}
		frm.trigger("set_up_preview");
		frm.trigger("show_preview");
	},

	set_up_preview(frm) {
		const $wrapper = frm.get_field("preview").$wrapper;
		if (frm.year_view && $.contains(document.documentElement, frm.year_view.$wrapper[0])) return;
		$wrapper.html('<div class="ops-year"></div><div class="ops-if"></div>');
		const get_doc = () => frm.doc;
		const { YearView, WhatIf } = ops_delivery.configuration;
		frm.year_view = new YearView({ wrapper: $wrapper.find(".ops-year"), get_doc });
		frm.what_if = new WhatIf({ wrapper: $wrapper.find(".ops-if"), get_doc });
	},

	show_preview(frm) {
		clearTimeout(frm.preview_waiting);
		frm.preview_waiting = setTimeout(() => frm.year_view?.refresh(), 400);
	},

	time_zone: (frm) => frm.trigger("show_preview"),
});

const show_preview = (frm) => frm.trigger("show_preview");

frappe.ui.form.on("Service Calendar Window", {
	windows_add(frm, cdt, cdn) {
		// Frappe fills Time fields with the present time: continue from the row above instead
		const rows = frm.doc.windows;
		const above = rows[rows.findIndex((row) => row.name === cdn) - 1];
		const weekdays = ops_delivery.configuration.YearView.weekdays;
		const next = above ? weekdays[(weekdays.indexOf(above.weekday) + 1) % 7] : "Monday";
		Object.assign(locals[cdt][cdn], {
			weekday: next,
			start_time: above?.start_time || "09:00:00",
			end_time: above?.end_time || "18:00:00",
		});
		frm.refresh_field("windows");
		show_preview(frm);
	},
	windows_remove: show_preview,
	weekday: show_preview,
	start_time: show_preview,
	end_time: show_preview,
});

frappe.ui.form.on("Service Calendar Exception", {
	exceptions_add(frm, cdt, cdn) {
		Object.assign(locals[cdt][cdn], { start_time: null, end_time: null, source: null });
		frm.refresh_field("exceptions");
	},
	exceptions_remove: show_preview,
	date: show_preview,
	kind: show_preview,
	as_weekday: show_preview,
	start_time: show_preview,
	end_time: show_preview,
	form_render(frm) {
		frm.trigger("show_preview");
	},
});
