// What can be done with an agreement: on the form, by those who may.
frappe.provide("ops_delivery.agreement");

(() => {
	const api = (method, args) => frappe.xcall(`ops_delivery.api.agreements.${method}`, args);
	const reason = (label) => ({ fieldname: "reason", fieldtype: "Small Text", label: label || __("Reason"), reqd: 1 });

	/** Ask for a reason and let the server decide. */
	const decide = (frm, title, fields, method, label, intro) =>
		ops_delivery.ask({
			title,
			intro,
			fields,
			label,
			action: (values) => api(method, { name: frm.doc.name, ...values }),
			done: () => frm.reload_doc(),
		});

	const decisions = {
		Suspended: (frm) =>
			decide(
				frm,
				__("Suspend the agreement"),
				[reason()],
				"suspend",
				__("Suspend"),
				__("New requests are not ruled by it until it is resumed. Open ones keep what they were promised.")
			),
		Active: (frm) => decide(frm, __("Resume the agreement"), [reason()], "resume", __("Resume")),
		Terminated: (frm) =>
			decide(
				frm,
				__("Terminate the agreement"),
				[
					{
						fieldname: "last_day",
						fieldtype: "Date",
						label: __("Ends early on"),
						reqd: 1,
						default: frappe.datetime.get_today(),
						description: __("The last day on which it rules"),
					},
					reason(),
				],
				"terminate",
				__("Terminate")
			),
	};
	ops_delivery.agreement.decisions = decisions;

	ops_delivery.agreement.stop_renewal = (frm) =>
		decide(
			frm,
			__("Objection to the renewal"),
			[{ ...reason(__("Who objected, when and why")), fieldname: "note" }],
			"stop_renewal",
			__("Will not renew")
		);

	ops_delivery.agreement.add_actions = (frm) => {
		const doc = frm.doc;
		if (frm.is_new()) {
			frm.add_custom_button(__("From a template"), () =>
				ops_delivery.agreement.from_template({ customer: doc.customer, company: doc.company })
			);
			return;
		}
		const amend = __("Amend and compare");
		const assess = __("Assess");
		const go_on = __("Agreement");
		const can = (right) => !!frm.perm[0]?.[right];
		if (doc.docstatus === 1 && frappe.model.can_create("Service Agreement")) {
			frm.add_custom_button(
				__("New version"),
				() => api("new_version", { name: doc.name }).then((name) => frappe.set_route("Form", "Service Agreement", name)),
				amend
			);
		}
		frm.add_custom_button(__("Compare"), () => ops_delivery.agreement.choose_and_compare(frm), amend);
		if (doc.previous_version) {
			if (["Draft", "Internal Review", "Customer Review", "Signing", "Scheduled", "Active"].includes(doc.status)) {
				frm.add_custom_button(__("Open records touched"), () => ops_delivery.agreement.preview(frm), amend);
			}
			frm.add_custom_button(
				__("Previous version"),
				() => frappe.set_route("Form", "Service Agreement", doc.previous_version),
				amend
			);
		}
		if (doc.docstatus !== 2) {
			frm.add_custom_button(__("Try the formulas"), () => ops_delivery.agreement.try_formulas(frm), assess);
		}
		if (doc.docstatus === 1 && frappe.model.can_create("Agreement Assessment")) {
			frm.add_custom_button(__("Assess a period"), () => assess_period(frm), assess);
		}
		if (doc.docstatus === 1 && can("submit")) {
			const running = ["Active", "Scheduled"].includes(doc.status);
			if (running) frm.add_custom_button(__("Suspend"), () => decisions.Suspended(frm), go_on);
			if (doc.status === "Suspended") frm.add_custom_button(__("Resume"), () => decisions.Active(frm), go_on);
			if (running || doc.status === "Suspended") {
				frm.add_custom_button(__("Terminate"), () => decisions.Terminated(frm), go_on);
				if (doc.auto_renew && !doc.renewal_stopped) {
					frm.add_custom_button(__("Objection to the renewal"), () => ops_delivery.agreement.stop_renewal(frm), go_on);
				}
			}
			if (frappe.model.can_create("Service Agreement") && doc.status !== "Superseded") {
				frm.add_custom_button(
					__("Agreement that follows"),
					() => api("make_successor", { name: doc.name }).then((name) => frappe.set_route("Form", "Service Agreement", name)),
					go_on
				);
			}
		}
		if (frappe.model.can_create("Service Agreement Template")) {
			frm.add_custom_button(__("Keep as a template"), () => keep_as_template(frm), go_on);
		}
		if (doc.docstatus !== 2) {
			frm.add_custom_button(
				__("Export agreement file"),
				() => open_url_post("/api/method/ops_delivery.api.agreements.export_file", { name: doc.name }, true),
				go_on
			);
		}
	};

	async function assess_period(frm) {
		const period = await frappe.xcall("ops_delivery.api.agreements.next_period", { agreement: frm.doc.name });
		ops_delivery.open_new("Agreement Assessment", { agreement: frm.doc.name, ...period });
	}

	function keep_as_template(frm) {
		ops_delivery.ask({
			title: __("Keep as a template"),
			label: __("Keep"),
			fields: [
				{ fieldname: "template_name", fieldtype: "Data", label: __("Template Name", null, "Ops Delivery"), reqd: 1, default: frm.doc.title },
			],
			action: ({ template_name }) => api("save_as_template", { name: frm.doc.name, template_name }),
			done: (name) => frappe.set_route("Form", "Service Agreement Template", name),
		});
	}

	/** A workflow step to a state that needs a reason goes by the dialog that asks for it. */
	ops_delivery.agreement.before_workflow_action = async (frm) => {
		const steps = await frappe.workflow.get_transitions(frm.doc);
		const step = steps.find((row) => row.action === frm.selected_workflow_action);
		const state = step && frappe.get_doc("Workflow", frappe.workflow.workflows[frm.doctype]?.name)?.states?.find(
			(row) => row.state === step.next_state
		);
		const status = state?.update_field === "status" ? state.update_value : "";
		const resumes = status === "Active" && frm.doc.status === "Suspended";
		if (!["Suspended", "Terminated"].includes(status) && !resumes) return;
		frappe.dom.unfreeze();
		decisions[status](frm);
		await new Promise(() => {}); // the dialog does it; the plain step would come without a reason
	};

	/** What is still missing, before it is asked: each part leads to its field. */
	ops_delivery.agreement.show_completeness = frappe.utils.debounce(async (frm) => {
		frm.set_intro("");
		if (frm.is_new() || frm.doc.docstatus !== 0) return;
		const name = frm.doc.name;
		const told = await api("check_completeness", { doc: frm.doc });
		if (frm.doc.name !== name || frm.doc.docstatus !== 0) return;
		frm.set_intro("");
		const { esc } = ops_delivery;
		if (told.missing.length) {
			const head =
				told.missing.length === 1
					? __("One part is missing before it can be reviewed:")
					: __("{0} parts are missing before it can be reviewed:", [told.missing.length]);
			frm.set_intro(
				`${head}<ul class="ops-hints">${told.missing
					.map(
						(lack) =>
							`<li><a href="#" data-ops-field="${esc(lack.field)}">${esc(lack.label)}</a>: ${esc(lack.text)}</li>`
					)
					.join("")}</ul>`,
				"orange"
			);
		} else {
			frm.set_intro(__("Complete: nothing that a review, a signature or the first day needs is missing."), "green");
		}
		if (told.advice.length) {
			frm.set_intro(
				`${__("Before submitting, look at:")}<ul class="ops-hints">${told.advice
					.map((text) => `<li>${esc(text)}</li>`)
					.join("")}</ul>`,
				"yellow"
			);
		}
		frm.layout.wrapper.find("[data-ops-field]").on("click", (e) => {
			e.preventDefault();
			frm.scroll_to_field(e.currentTarget.dataset.opsField);
		});
	}, 300);
})();
