// Frappe's charts, the dialog of its pickers and its search, where what they show is ours. Fetched with the looks (services/administration/desk_boot.py).
(() => {
	const forms = frappe.boot.ops_delivery?.forms || [];

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
})();
