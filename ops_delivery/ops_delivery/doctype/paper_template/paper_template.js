// A Word template of one's own: what it may use, a check by place, a try with a real record, one to begin with.
(() => {
	const API = "ops_delivery.api.own_papers.";

	const start = (frm) => {
		if (!frm.doc.document_type) frappe.throw(__("{0} is blank. Say first what the template is for.", [__("For", null, "Paper Template").bold()]));
		return ops_delivery.papers.download(`${API}starter`, { document_type: frm.doc.document_type });
	};

	const check = async (frm) => {
		const found = await frappe.xcall(`${API}check`, { name: frm.doc.name });
		frappe.msgprint({
			title: __("Check"),
			indicator: found.length ? "red" : "green",
			message: found.length ? `<ul>${found.map((line) => `<li>${line}</li>`).join("")}</ul>` : __("Each field in it is known, and it can be filled in."),
		});
	};

	const try_on = (frm) => {
		if (frm.is_dirty()) frappe.throw(__("Save the template first."));
		ops_delivery.ask({
			title: __("Try with a Record"),
			fields: [
				{
					fieldname: "record",
					fieldtype: "Link",
					options: frm.doc.document_type,
					label: __(frm.doc.document_type),
					reqd: 1,
					get_query: () => ({ filters: frm.doc.customer ? { customer: frm.doc.customer } : {} }),
				},
				{
					fieldname: "kind",
					fieldtype: "Select",
					label: __("Made as", null, "Paper Template"),
					options: ["Word", "PDF"].map((kind) => ({ value: kind, label: __(kind, null, "Paper Template") })),
					default: "Word",
					reqd: 1,
				},
			],
			label: __("Make paper"),
			action: ({ record, kind }) => ops_delivery.papers.download(`${API}preview`, { name: frm.doc.name, record, kind }),
		});
	};

	const show_fields = async (frm) => {
		const field = frm.get_field("fields_html");
		field.$wrapper.empty();
		const kind = frm.doc.document_type;
		if (!kind) {
			field.$wrapper.html(`<p class="text-muted">${__("Say what the template is for, and its fields are listed here.")}</p>`);
			return;
		}
		const rows = await ops_delivery.load(`${API}fields`, { document_type: kind }, "GET");
		if (frm.doc.document_type !== kind) return;
		field.$wrapper.html(`<p>${__("Write a field between double braces: {0}. A table repeats its row between {1} and {2}, each alone in a row of its own. Ask with {3}.", [
			"<code>{{ number }}</code>",
			"<code>{%tr for row in … %}</code>",
			"<code>{%tr endfor %}</code>",
			"<code>{%p if … %} … {%p endif %}</code>",
		])}</p>
		<div class="table-responsive" style="max-height: 460px; overflow: auto" tabindex="0"><table class="table table-sm table-bordered">
		<thead><tr>${[__("Field", null, "Paper Template"), __("What it says", null, "Paper Template"), __("Example", null, "Paper Template")].map((text) => `<th>${text}</th>`).join("")}</tr></thead>
		<tbody>${rows.map(line).join("")}</tbody></table></div>`);
	};

	const line = ({ name, kind, meaning, example }) => {
		const esc = ops_delivery.esc;
		const column = name.includes("[].");
		const last = name.split("[].").pop();
		const owner = column ? name.slice(0, name.lastIndexOf("[].")) : "";
		const written = column ? `row.${last}` : name;
		const how = {
			Text: `{{ ${written} }}`,
			Picture: `{{ ${written} }}`,
			Tick: `{% if ${written} %} … {% endif %}`,
			Table: `{%tr for row in ${written} %} … {%tr endfor %}`,
			Group: "",
		}[kind];
		const shown = how ? `<code>${esc(how)}</code>` : `<b>${esc(name)}</b>`;
		const mark = { Picture: __("Picture", null, "Paper Template"), Table: __("Table", null, "Paper Template"), Tick: __("Yes or no", null, "Paper Template") }[kind];
		const within = column ? ` <span class="text-muted">(${esc(owner)})</span>` : "";
		return `<tr><td style="padding-left: ${column ? 24 : 8}px">${shown}${within}</td><td>${esc(meaning)}${mark ? ` <span class="text-muted">· ${mark}</span>` : ""}</td><td style="white-space: pre-line">${esc(example)}</td></tr>`;
	};

	frappe.ui.form.on("Paper Template", {
		onload: (frm) => {
			frm.get_field("file").df.options = { restrictions: { allowed_file_types: [".docx"] }, make_attachments_public: false };
		},
		refresh: (frm) => {
			show_fields(frm);
			frm.add_custom_button(__("Start from Ours"), () => start(frm));
			if (frm.is_new()) return;
			frm.add_custom_button(__("Check"), () => check(frm));
			if (frm.perm[0]?.write) frm.add_custom_button(__("Try with a Record"), () => try_on(frm));
		},
		document_type: (frm) => show_fields(frm),
	});
})();
