// All that every desk page carries of this app: it fetches the rest where it is used. What is where says services/administration/desk_boot.py.
frappe.provide("ops_delivery");

(() => {
	const { in_use, scripts, styles, forms, host_forms, colours } = frappe.boot.ops_delivery || { forms: [], host_forms: {} };
	const asked = {};

	const add = (tag, values) =>
		new Promise((resolve, reject) => {
			const element = document.createElement(tag);
			Object.assign(element, values, { onload: resolve, onerror: reject });
			document.head.append(element);
		});
	const fetch_part = (part) =>
		Promise.all([
			...(scripts[part] || []).map((src) => add("script", { src, async: false })),
			...(styles[part] || []).map((href) => add("link", { rel: "stylesheet", href })),
		]);

	/** Fetch parts, one after another and each once. Without a connection a form opens all the same, and the next one tries anew. */
	ops_delivery.need = (...parts) =>
		parts.reduce(
			(before, part) =>
				before.then(() => {
					asked[part] ??= fetch_part(part);
					return asked[part].catch(() => {
						delete asked[part];
						frappe.show_alert({
							message: __("Part of this page could not be loaded. Reload it when there is a connection."),
							indicator: "orange",
						});
					});
				}),
			Promise.resolve()
		);

	forms.forEach((doctype) => frappe.ui.form.on(doctype, { before_load: () => ops_delivery.need("looks", "desk") }));
	Object.entries(host_forms).forEach(([doctype, parts]) =>
		frappe.ui.form.on(doctype, {
			before_load: (frm) => (in_use || frm.doc.ops_agreement ? ops_delivery.need(...parts) : null),
		})
	);
	// lists, pages and reports want the looks alone
	const mine = new Set([...forms, "dispatch-board", "my-day", "Ops Delivery"]);
	if (in_use) ops_delivery.need("looks");
	else $(document).on("page-change", () => frappe.get_route().some((part) => mine.has(part)) && ops_delivery.need("looks"));

	/** What our HTML is made of; `look` "" leaves the dot before a pill's word. */
	ops_delivery.esc = (text) => frappe.utils.escape_html(String(text ?? ""));
	ops_delivery.pill = (text, colour = "gray", look = "no-indicator-dot") =>
		`<span class="indicator-pill ${colour} ${look}">${ops_delivery.esc(text)}</span>`;
	ops_delivery.link = (doctype, name, text) =>
		`<a href="${frappe.utils.get_form_link(doctype, name)}">${ops_delivery.esc(text || name)}</a>`;

	/** The colour of a state, everywhere the same (domain/state_colours.py). */
	ops_delivery.colour = (doctype, state) => colours?.[doctype]?.[state] || "gray";

	/** A picker of customers' records offers those of this customer, once it is known. */
	ops_delivery.of_customer = (customer, filters = {}) => ({ filters: customer ? { ...filters, customer } : filters });

	ops_delivery.contacts_of = (customer) =>
		customer
			? {
					query: "frappe.contacts.doctype.contact.contact.contact_query",
					filters: { link_doctype: "Customer", link_name: customer },
			  }
			: {};

	const ran = new Set();
	/** Run a file once a page: one that several forms need comes with each of them. */
	ops_delivery.once = (file, run) => {
		if (ran.has(file)) return;
		ran.add(file);
		run();
	};

	/** Seconds in words, to the minute; the sign is left to the sentence around it. */
	ops_delivery.duration = (seconds) => {
		seconds = Math.abs(Math.round(seconds || 0));
		if (seconds < 60) return __("{0} s", [seconds]);
		const hours = Math.floor(seconds / 3600);
		const minutes = Math.floor((seconds % 3600) / 60);
		if (!hours) return __("{0} min", [minutes]);
		return minutes ? __("{0} h {1} min", [hours, minutes]) : __("{0} h", [hours], "Ops Delivery");
	};

	/**
	 * Like frappe.xcall, for what is loaded without anybody's click. Without a connection newer Frappe has said so already and
	 * gives the call up: then what waits for the answer does not go on, and the next refresh asks anew.
	 */
	ops_delivery.load = (method, args, verb) =>
		new Promise((resolve, reject) => {
			frappe.xcall(method, args, verb).then(resolve, (error) => {
				if (error || navigator.onLine) reject(error);
			});
		});
})();
