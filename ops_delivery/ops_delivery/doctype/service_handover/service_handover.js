const CARRIERS = [
	"Task",
	"Project",
	"Issue",
	"Optimization Plan",
	"Consulting Plan",
	"Maintenance Schedule",
	"Maintenance Visit",
];

frappe.ui.form.on("Service Handover", {
	setup(frm) {
		frm.set_query("service_object", () => ops_delivery.of_customer(frm.doc.customer, { enabled: 1 }));
		frm.set_query("owner_user", () => ({ filters: { user_type: "System User", enabled: 1 } }));
		frm.set_query("target_name", () =>
			ops_delivery.of_type_and_customer(frm.doc.target_doctype, frm.doc.customer)
		);
		// only record types that can carry work on; not every DocType of the site
		frm.set_query("target_doctype", () => ({
			filters: {
				name: ["in", CARRIERS],
			},
		}));
	},

	refresh(frm) {
		if (frm.is_new()) return;
		frm.page.set_indicator(__(frm.doc.state, null, "Service Handover"), ops_delivery.colour("Service Handover", frm.doc.state));
		if (!frm.perm[0]?.write) return;
		if (frm.doc.state === "Proposed") {
			frm.add_custom_button(__("Accept"), () => {
				frm.set_value("state", "Accepted");
				frm.save();
			});
			frm.add_custom_button(__("Decline"), () => decline(frm));
		}
		if (["Proposed", "Accepted"].includes(frm.doc.state)) {
			frm.add_custom_button(__("Start"), () => start(frm))
				.addClass("btn-primary")
				.removeClass("btn-default");
		}
		if (frm.doc.state === "Started") {
			frm.add_custom_button(__("Done", null, "Service Handover"), () => {
				frm.set_value("state", "Done");
				frm.save();
			});
			frm.set_intro(
				__("Carried on in {0}. When it is done, this handover is done too.", [
					frappe.utils.get_form_link(frm.doc.target_doctype, frm.doc.target_name, true),
				]),
				"blue"
			);
		}
	},
});

function decline(frm) {
	ops_delivery.ask({
		title: __("Decline the handover"),
		label: __("Decline"),
		fields: [
			{
				fieldname: "answer",
				fieldtype: "Small Text",
				label: __("Why"),
				reqd: 1,
				description: __("Whoever asked reads this"),
			},
		],
		action: ({ answer }) => ops_delivery.save_with(frm, { state: "Declined", answer }),
	});
}

async function start(frm) {
	const choices = await frappe.xcall("ops_delivery.api.handover.choices", {
		service_content: frm.doc.service_content,
	});
	const NEW = "new";
	const dialog = ops_delivery.ask({
		title: __("Start"),
		fields: [
			{
				fieldname: "how",
				fieldtype: "Select",
				label: __("Carry on in"),
				options: [
					...choices.map((doctype) => ({
						value: `${NEW}:${doctype}`,
						label: __("A new {0}", [__(doctype)]),
					})),
					{ value: "existing", label: __("An existing record") },
				],
				default: choices.length ? `${NEW}:${choices[0]}` : "existing",
				reqd: 1,
				description: __("The facts are carried over to a new record"),
			},
			...ops_delivery.existing_record(CARRIERS, frm.doc.customer, () => dialog),
		],
		label: __("Start"),
		action: ({ how, doctype, name }) =>
			frappe.xcall("ops_delivery.api.handover.start", {
				name: frm.doc.name,
				target_doctype: how === "existing" ? doctype : how.slice(NEW.length + 1),
				target_name: how === "existing" ? name : null,
			}),
		done: (target) => frappe.set_route("Form", target.doctype, target.name),
	});
}
