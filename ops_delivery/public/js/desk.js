// All that every desk page carries of this app: it fetches the rest where it is used. What is where says services/desk_boot.py.
frappe.provide("ops_delivery");

(() => {
	const { in_use, scripts, styles, forms, host_forms } = frappe.boot.ops_delivery || { forms: [], host_forms: {} };
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
	// lists, pages and reports of ours want no more than the looks
	const mine = new Set([...forms, "dispatch-board", "my-day", "Ops Delivery"]);
	if (in_use) ops_delivery.need("looks");
	else $(document).on("page-change", () => frappe.get_route().some((part) => mine.has(part)) && ops_delivery.need("looks"));

	/** A picker of customers' records offers those of this customer, once it is known (more in pickers.js). */
	ops_delivery.of_customer = (customer, filters = {}) => ({ filters: customer ? { ...filters, customer } : filters });

	ops_delivery.contacts_of = (customer) =>
		customer
			? {
					query: "frappe.contacts.doctype.contact.contact.contact_query",
					filters: { link_doctype: "Customer", link_name: customer },
			  }
			: {};

	// Frappe 15.44 forgets the words of a search's hit in which nothing is to be marked, and shows "undefined"
	const searching = frappe.search?.utils;
	const marked = searching?.fuzzy_search;
	if (marked && marked.call(searching, "x", "y", true)?.marked_string === undefined) {
		searching.fuzzy_search = (words, item, mark) => {
			const found = marked.call(searching, words, item, mark);
			return mark && found.marked_string === undefined ? { ...found, marked_string: __(item) } : found;
		};
	}

	// A chart of ours leads to what it counts: Frappe's menu leads to the list as it opens by itself.
	const SPANS = { "Last Week": [7, "days"], "Last Month": [1, "months"], "Last Quarter": [3, "months"], "Last Year": [1, "years"] };
	const UNITS = { Daily: "day", Weekly: "week", Monthly: "month", Quarterly: "quarter", Yearly: "year" };
	const counted = {
		"Open Requests by Priority": () => ({ status: ["in", ["Open", "Replied", "On Hold"]] }),
		"Requests per Month": (chart) => ({ opening_date: ["between", span_of(chart)] }),
	};
	/** The days of a chart over time, as Frappe reckons them. */
	const span_of = (chart) => {
		const chosen = (name) => chart[`selected_${name}`] || chart.chart_settings?.[name] || chart.chart_doc[name];
		const today = frappe.datetime.now_date();
		if (chosen("timespan") === "Select Date Range") return [chosen("from_date"), chosen("to_date") || today];
		const first = moment(today).subtract(...(SPANS[chosen("timespan")] || [50, "years"]));
		return [first.startOf(UNITS[chosen("time_interval")]).format("YYYY-MM-DD"), today];
	};
	const chart_of = frappe.widget?.widget_factory?.chart?.prototype;
	const set_actions = chart_of?.set_chart_actions;
	if (set_actions) {
		chart_of.set_chart_actions = function (actions) {
			const { module, name, document_type } = this.chart_doc;
			const list = module === "Ops Delivery" && counted[name] && actions.find((one) => one.action === "action-list");
			if (list) {
				list.handler = () => {
					frappe.route_options = counted[name](this);
					frappe.set_route("List", document_type, "List");
				};
			}
			return set_actions.call(this, actions);
		};
	}

	// The dialog of a picker shows names as they stand, also of types whose names are shown in the reader's language everywhere else.
	const picker = frappe.ui.form.LinkSelector?.prototype;
	const make_picker = picker?.make;
	if (make_picker) {
		picker.make = function () {
			make_picker.call(this);
			if (!forms.includes(this.doctype) || !(frappe.boot.translated_doctypes || []).includes(this.doctype)) return;
			const rows = this.dialog.fields_dict.results.$wrapper;
			const say = () =>
				rows.find("a[data-value]").each((_number, link) => {
					const name = __(link.dataset.value, null, this.doctype);
					if (link.textContent !== name) link.textContent = name;
				});
			new MutationObserver(say).observe(rows[0], { childList: true, subtree: true });
		};
	}

	const ran = new Set();
	/** Run a file once a page: one that several forms need comes with each of them, and must neither do things as often as that
	 * nor begin anew with what it holds. */
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
