// A record on the organization's own paper: the templates that fit, as Word or PDF, to keep or to attach (8.2.e, 8.4.b.1).
frappe.provide("ops_delivery.papers");

ops_delivery.once("papers/own_papers.js", () => {
	const { esc } = ops_delivery;
	const API = "ops_delivery.api.own_papers.";
	const word = (text) => __(text, null, "Paper Template");

	/** The file that an endpoint answers with, saved under its name. What the server refuses is said here, and false comes back. */
	ops_delivery.papers.download = async (method, values) => {
		const answer = await fetch(`/api/method/${method}`, {
			method: "POST",
			headers: { "X-Frappe-CSRF-Token": frappe.csrf_token, Accept: "application/json", "Content-Type": "application/json" },
			body: JSON.stringify(values),
		}).catch(() => null);
		if (!answer) {
			frappe.msgprint(__("There is no connection to the server. Try again when there is one."));
			return false;
		}
		if (!answer.ok) {
			frappe.request.cleanup({}, await answer.json().catch(() => ({ _server_messages: JSON.stringify([JSON.stringify({ message: answer.statusText })]) })));
			return false;
		}
		const named = /filename\*=UTF-8''([^;]+)/i.exec(answer.headers.get("Content-Disposition") || "");
		const plain = /filename="?([^";]+)"?/i.exec(answer.headers.get("Content-Disposition") || "");
		const link = document.createElement("a");
		link.href = URL.createObjectURL(await answer.blob());
		link.download = named ? decodeURIComponent(named[1]) : plain ? plain[1] : "paper.docx";
		document.body.append(link);
		link.click();
		link.remove();
		setTimeout(() => URL.revokeObjectURL(link.href), 60000);
		return true;
	};

	/** What a paper can be made as. */
	ops_delivery.papers.kinds = (kinds, has_pdf) =>
		kinds.filter((kind) => kind === "Word" || has_pdf).map((kind) => ({ value: kind, label: word(kind) }));

	const offer = async (frm) => {
		const { doctype, name } = frm.doc;
		const { templates, pdf, may_attach } = await ops_delivery.load(`${API}offered`, { doctype, name }, "GET");
		const usable = templates.filter((row) => ops_delivery.papers.kinds(row.kinds, pdf).length);
		if (!usable.length) {
			frappe.msgprint({
				title: __("Own paper"),
				message: templates.length
					? __("The templates for it are made as PDF, and there is no LibreOffice on this server.")
					: __("There is no template for it yet. Who administers papers uploads one as a Paper Template."),
			});
			return;
		}
		const kinds_of = (chosen) => ops_delivery.papers.kinds(usable.find((row) => row.name === chosen)?.kinds || [], pdf);
		const dialog = ops_delivery.ask({
			title: __("Own paper"),
			fields: [
				{
					fieldname: "template",
					fieldtype: "Select",
					label: __("Template", null, "Ops Delivery"),
					options: usable.map((row) => ({ value: row.name, label: row.customer ? `${row.name} (${row.customer})` : row.name })),
					default: usable[0].name,
					reqd: 1,
					onchange: () => {
						const kinds = kinds_of(dialog.get_value("template"));
						dialog.set_df_property("kind", "options", kinds);
						if (!kinds.some((kind) => kind.value === dialog.get_value("kind"))) dialog.set_value("kind", kinds[0]?.value);
					},
				},
				{ fieldname: "kind", fieldtype: "Select", label: __("Made as", null, "Paper Template"), options: kinds_of(usable[0].name), default: kinds_of(usable[0].name)[0].value, reqd: 1 },
				{ fieldname: "keep", fieldtype: "Check", label: __("Attach it to the record as a private file"), hidden: !may_attach },
			],
			label: __("Make paper"),
			action: async ({ template, kind, keep }) => {
				const values = { doctype, name, template, kind };
				if (!keep) return ops_delivery.papers.download(`${API}make`, values);
				await frappe.xcall(`${API}attach`, values);
				frm.reload_doc();
				frappe.show_alert({ message: __("Attached: {0}", [esc(template)]), indicator: "green" });
				return true;
			},
		});
	};

	for (const doctype of ["Field Service Sheet", "Remote Support Session", "Service Agreement", "Deliverable", "Service Report"]) {
		frappe.ui.form.on(doctype, {
			refresh: (frm) => {
				if (!frm.is_new() && frappe.model.can_print(frm.doctype, frm)) frm.page.add_menu_item(__("Own paper (Word)"), () => offer(frm));
			},
		});
	}
});
