{% include "ops_delivery/public/js/configuration/helpers.js" %}

const RECORDS = {
	"After a Request Is Closed": "Issue",
	"After a Visit": "Field Service Sheet",
	"After a Remote Session": "Remote Support Session",
	"After an Optimization Plan Is Closed": "Optimization Plan",
	"After a Consulting Report Is Issued": "Consulting Report",
	"By Frequency": "Service Agreement",
};

frappe.ui.form.on("Survey Rule", {
	refresh(frm) {
		if (frm.perm[0]?.write) frm.add_custom_button(__("Try on a record"), () => frm.events.try_on(frm));
		ops_delivery.configuration.on_the_last(frm);
	},

	occasion(frm) {
		if (frm.doc.occasion === "By Frequency" && frm.doc.ask === "Who Asked for It") {
			frm.set_value("ask", "All Contacts of the Customer");
		}
	},

	try_on(frm) {
		const doctype = RECORDS[frm.doc.occasion];
		if (!doctype) {
			frappe.msgprint(__("Choose after what is asked first."));
			return;
		}
		ops_delivery.configuration.try_on(frm, doctype, "ops_delivery.api.surveys.try_rule");
	},

	result(frm, facts) {
		const { escape } = ops_delivery.configuration;
		if (facts.error) return ops_delivery.configuration.failed_condition(facts.error);
		const line = (holds, yes, no) =>
			`<p><span class="indicator-pill ${holds ? "green" : "gray"}">${holds ? yes : no}</span></p>`;
		const people = facts.people
			.map((row) => {
				const who = escape([row.name, row.email].filter(Boolean).join(" · ")) || __("somebody, by phone");
				return `<li>${who}${row.rests ? ` <span class="text-muted">(${__("was asked lately, is spared")})</span>` : ""}</li>`;
			})
			.join("");
		return (
			line(facts.over, __("The work is over"), __("The work is not over yet")) +
			line(facts.applies, __("The rule applies"), __("The rule does not apply to this record")) +
			line(facts.sampled, __("It belongs to the sample"), __("It does not belong to the sample")) +
			`<p>${__("Asked would be:")}</p><ul>${people || `<li><b class="text-danger">${__("nobody")}</b></li>`}</ul>`
		);
	},
});
