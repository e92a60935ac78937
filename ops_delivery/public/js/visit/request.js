// A superior answers on the phone in seconds: two large buttons.
frappe.ui.form.on("Field Service Request", {
	refresh(frm) {
		const doc = frm.doc;
		const colours = { Waiting: "orange", Granted: "green", Declined: "red", Withdrawn: "gray" };
		frm.page.set_indicator(__(doc.state, null, "Field Service Request"), colours[doc.state]);
		frm.set_intro("");
		frm.disable_save();
		if (frm.is_new()) return;
		frm.add_custom_button(__("Open {0}", [__(doc.reference_doctype)]), () =>
			frappe.set_route("Form", doc.reference_doctype, doc.reference_name)
		);
		if (doc.state !== "Waiting") return;
		if (doc.superior !== frappe.session.user) {
			frm.set_intro(__("{0} was asked and alone can answer.", [ops_delivery.person(doc.superior)]), "blue");
			return;
		}
		const answer = (granted) =>
			ops_delivery.ask({
				title: granted ? __("Grant", null, "Ops Delivery") : __("Decline", null, "Field Service Request"),
				fields: [{ fieldname: "text", fieldtype: "Small Text", label: __("Answer", null, "Field Service Request"), reqd: granted ? 0 : 1 }],
				label: granted ? __("Grant", null, "Ops Delivery") : __("Decline", null, "Field Service Request"),
				action: ({ text }) =>
					frappe.xcall("ops_delivery.api.visits.answer_request", { request: doc.name, granted: granted ? 1 : 0, text: text || "" }),
				done: () => frm.reload_doc(),
			});
		const $taps = $(`<div class="ops-visit"><div class="ops-taps">
			<button type="button" class="btn btn-primary ops-tap ops-big" data-granted="1">${__("Grant", null, "Ops Delivery")}</button>
			<button type="button" class="btn btn-default ops-tap ops-big" data-granted="0">${__("Decline", null, "Field Service Request")}</button>
		</div></div>`);
		$taps.on("click", "button", (event) => answer(event.currentTarget.dataset.granted === "1"));
		frm.dashboard.add_section($taps, __("Your answer"));
		frm.dashboard.show();
	},
});
