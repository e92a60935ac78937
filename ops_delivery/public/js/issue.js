// The Issue form of response support: the course of the work, the service clocks, the next step.
(() => {
	const MEASURED = "Service Agreement";

	const steps = (frm) => {
		const d = frm.doc;
		const assigned = (frm.get_docinfo().assignments || []).length;
		return [
			[__("Received", null, "Ops Delivery"), true],
			[d.ops_validity === "Invalid" ? __("Judged invalid") : __("Judged"), d.ops_validity],
			...(d.ops_validity === "Invalid"
				? []
				: [
						[__("Assigned", null, "Ops Delivery"), assigned],
						...(d.ops_onsite
							? [
									[__("On the way"), d.ops_departed_on || d.ops_arrived_on],
									[__("Arrived"), d.ops_arrived_on],
							  ]
							: []),
						[__("Restored", null, "Ops Delivery"), d.ops_restored_on],
						[__("Resolved", null, "Ops Delivery"), ["Resolved", "Closed"].includes(d.status)],
						[__("Accepted"), /Accepted/.test(d.ops_acceptance_status || "")],
				  ]),
			[__("Closed"), d.status === "Closed"],
		];
	};

	const course = (frm) => {
		const all = steps(frm);
		const last = all.map(([, done]) => Boolean(done)).lastIndexOf(true);
		const next = last + 1;
		const items = all.map(([label, done], i) => {
			const look = done ? "done" : i === next ? "next" : "";
			const skipped = !done && i < last;
			const said = done ? __("done") : skipped ? __("left out") : i === next ? __("next") : __("still to come");
			const mark = done ? "✓" : skipped ? "–" : i === next ? "➜" : "○";
			return `<li class="${look}"><span aria-hidden="true">${mark}&nbsp;</span>${label}
				<span class="sr-only">: ${said}</span></li>`;
		});
		return `<ol class="ops-course" aria-label="${__("Course of the work")}">${items.join("")}</ol>`;
	};

	const show_clocks = (frm) => {
		const field = frm.fields_dict.ops_clock_html;
		if (!field || frm.is_new() || !frm.doc.ops_agreement) return;
		const $wrapper = field.$wrapper;
		$wrapper.find(".ops-course").remove();
		$wrapper.prepend(course(frm));
		if (!frappe.model.can_read("Service Clock")) return; // the course is for everyone
		let $panel = $wrapper.find(".ops-panel");
		if (!$panel.length) $panel = $('<div class="ops-panel"></div>').appendTo($wrapper);
		if (!frm.ops_panel || frm.ops_panel.$wrapper[0] !== $panel[0]) {
			frm.ops_panel = new ops_delivery.ClockPanel({
				wrapper: $panel,
				can_acknowledge: true,
				empty: __("No clock runs yet: the agreement promises nothing for this priority, or no condition has started one."),
				load: () =>
					frappe.xcall(
						"ops_delivery.api.clocks.panel",
						{ doctype: frm.doctype, name: frm.doc.name },
						"GET"
					),
			});
		}
		if (frm.ops_panel_of !== frm.doc.name) frm.ops_panel.expanded.clear();
		frm.ops_panel_of = frm.doc.name;
		frm.ops_panel.refresh();
	};

	const explain_missing_agreement = (frm) => {
		frm.set_intro("");
		if (frm.is_new() || frm.doc.ops_agreement || frm.doc.status === "Closed") return;
		frappe.db.get_single_value("Ops Delivery Settings", "issue_rule").then((rule) => {
			if (rule !== MEASURED || frm.doc.ops_agreement) return;
			frm.set_intro(
				frm.doc.customer
					? __("No service agreement in force covers this customer and object, so no clock runs.")
					: __("Choose the customer: with it the service agreement is found and the clocks start."),
				"yellow"
			);
		});
	};

	const add_actions = (frm) => {
		if (frm.is_new() || !frm.perm[0]?.write || !frm.doc.__onload?.ops_is_ours) return;
		const possible = ops_delivery.issue.actions.filter((action) => action.possible(frm.doc));
		const next = possible.find((action) => action.next(frm.doc, frm));
		if (next) {
			frm.add_custom_button(next.label(), () => next.run(frm)).addClass("btn-primary").removeClass(
				"btn-default"
			);
		}
		for (const action of possible) {
			if (action !== next) {
				frm.add_custom_button(action.label(), () => action.run(frm), __("Steps", null, "Issue"));
			}
		}
	};

	/** ERPNext's own buttons that our rules would refuse: closing needs the customer's acceptance. */
	const hide_contradictions = (frm) => {
		const ours = Boolean(frm.doc.ops_agreement);
		frm.toggle_display("reset_service_level_agreement", !ours && frm.doc.service_level_agreement);
		frm.toggle_display("service_level_agreement", !ours);
		const accepted = /Accepted/.test(frm.doc.ops_acceptance_status || "");
		if (ours && !accepted && frm.doc.ops_validity !== "Invalid") frm.remove_custom_button(__("Close"));
	};

	frappe.ui.form.on("Issue", {
		// not setup: that is over when this file comes
		onload(frm) {
			if (frm.fields_dict.contact) {
				frm.set_query("contact", () => ops_delivery.contacts_of(frm.doc.customer));
			}
			frm.set_query("ops_object", () => ops_delivery.of_customer(frm.doc.customer, { enabled: 1 }));
		},
		refresh(frm) {
			hide_contradictions(frm);
			add_actions(frm);
			show_clocks(frm);
			explain_missing_agreement(frm);
		},
		onload_post_render: hide_contradictions,
		customer(frm) {
			if (frm.doc.ops_object) frm.set_value("ops_object", null);
		},
	});
})();
