// A service report: its sections as blocks, the figures beside what is said of them, and how far their making is.
{
	const esc = ops_delivery.esc;
	const word = (text) => __(text, null, "Service Report");
	const call = (method, args) => frappe.xcall(`ops_delivery.api.service_reports.${method}`, args);
	const MONTHS = { Month: 1, Quarter: 3, "Half-Year": 6, Year: 12 };
	const LOOK_AGAIN = 2500; // ms; where no word comes over the socket

	frappe.ui.form.on("Service Report", {
		setup(frm) {
			frm.set_query("agreement", () => ({ filters: { docstatus: 1 } }));
			frm.set_query("template", (doc) => ({
				filters: { enabled: 1, ...(doc.customer && { customer: ["in", ["", doc.customer]] }) },
			}));
			frm.set_query("deliverable", (doc) => ops_delivery.of_customer(doc.customer, { kind: "Tangible" }));
			["compiler", "reviewer", "approver"].forEach((field) => frm.set_query(field, () => ops_delivery.people_of(false)));
		},

		onload(frm) {
			if (!frm.is_new() || frm.doc.period_from) return;
			const first = frappe.datetime.add_months(frappe.datetime.month_start(), -1);
			frm.set_value("period_from", first);
		},

		async refresh(frm) {
			frm.set_intro("");
			const area = frm.get_field("sections_view").$wrapper;
			if (frm.is_new()) {
				area.empty();
				return;
			}
			frm.page.set_indicator(word(frm.doc.status), ops_delivery.colour("Service Report", frm.doc.status));
			listen(frm);
			await show(frm);
		},

		async agreement(frm) {
			if (!frm.doc.agreement) return;
			const { message } = await frappe.db.get_value("Service Agreement", frm.doc.agreement, "customer");
			frm.set_value("customer", message.customer);
		},

		report_kind: (frm) => end_of_period(frm),
		period_from: (frm) => end_of_period(frm),
	});

	const end_of_period = (frm) => {
		const months = MONTHS[frm.doc.report_kind];
		if (!months || !frm.doc.period_from) return;
		frm.set_value("period_to", frappe.datetime.add_days(frappe.datetime.add_months(frm.doc.period_from, months), -1));
	};

	/** Load and draw the report; what was typed and not saved stays. */
	const show = async (frm) => {
		const name = frm.doc.name;
		const found = await ops_delivery.load("ops_delivery.api.service_reports.view", { name }, "GET");
		if (frm.doc.name !== name) return;
		frm.ops_report = found;
		draw(frm, found);
		buttons(frm, found);
		intro(frm, found);
		await follow(frm, found.progress);
	};

	const buttons = (frm, found) => {
		const may = frm.perm[0]?.write;
		const made = Boolean(found.progress.figures_on);
		if (may && found.open) {
			const label = made ? __("Make the Figures Anew") : __("Make the Figures");
			const button = frm.add_custom_button(label, () => make(frm));
			if (!made) button.addClass("btn-primary");
		}
		if (may && ["Published", "Confirmed"].includes(frm.doc.status)) {
			frm.add_custom_button(__("Compare with Today"), () => compare(frm));
			if (frm.doc.deliverable) frm.add_custom_button(__("Hand over the PDF"), () => hand_over(frm));
		}
	};

	const intro = (frm, found) => {
		const items = (rows) => rows.map((row) => `<li><b>${esc(row.item)}</b>: ${row.text}</li>`).join("");
		if (found.missing.length) {
			frm.set_intro(`${__("Before it can be reviewed it still needs:")}<ul class="ops-missing">${items(found.missing)}</ul>`, "blue");
		}
		const one = found.deliverable;
		if (one) {
			const still = one.missing.length ? `<br>${__("It still needs:")}<ul class="ops-missing">${items(one.missing)}</ul>` : "";
			frm.set_intro(`${__("Made for {0}", [ops_delivery.link("Deliverable", one.name, one.title)])} · ${esc(one.state)}${still}`, "gray");
		} else if (found.candidates.length > 1) {
			frm.set_intro(__("Several promised deliverables are about these days. Choose under {0} which of them this report is.", [__("People and Steps", null, "Service Report")]), "orange");
		}
	};

	const make = async (frm) => {
		if (frm.is_dirty()) await frm.save();
		await follow(frm, await call("make", { name: frm.doc.name }));
	};

	/** How far the making is, until it is done; then the report is loaded with what was typed meanwhile. */
	const follow = async (frm, progress) => {
		const bar = frm.get_field("sections_view").$wrapper.find(".ops-report-making");
		clearTimeout(frm.ops_report_again);
		const runs = ["Waiting", "Running"].includes(progress.state) && !progress.stopped;
		if (runs) {
			const said = progress.section ? __("Making: {0}", [progress.section]) : __("Waiting for its turn …");
			bar.html(`<div role="status">${esc(said)} <b>${progress.done} %</b></div>
				<div class="ops-progress" role="progressbar" aria-valuemin="0" aria-valuemax="100" aria-valuenow="${progress.done}"><span style="width: ${progress.done}%"></span></div>`);
			frm.ops_report_again = setTimeout(() => look(frm), LOOK_AGAIN);
		} else if (progress.stopped) {
			bar.html(`<div class="text-danger" role="alert">${__("The making has given no sign of life for a while. Start it again.")}</div>`);
		} else if (progress.state === "Failed") {
			bar.html(`<div class="text-danger" role="alert">${__("The figures could not be made: {0}", [esc(progress.error)])}</div>`);
		} else {
			bar.empty();
			if (progress.figures_on && progress.figures_on !== frm.ops_report.progress.figures_on) await anew(frm);
		}
	};

	const look = async (frm) => {
		if (cur_frm !== frm || frm.is_new()) return;
		await follow(frm, await ops_delivery.load("ops_delivery.api.service_reports.progress", { name: frm.doc.name }, "GET"));
	};

	const anew = async (frm) => {
		const typed = frm.is_dirty() ? Object.fromEntries(frm.doc.sections.map((row) => [row.section || row.heading, row.text])) : {};
		await frm.reload_doc();
		for (const row of frm.doc.sections) {
			const text = typed[row.section || row.heading];
			if (text !== undefined && (text || "") !== (row.text || "")) frappe.model.set_value(row.doctype, row.name, "text", text);
		}
		if (frm.is_dirty()) draw(frm, frm.ops_report);
		frappe.show_alert({ message: __("The figures are there."), indicator: "green" });
	};

	const listen = (frm) => {
		if (frm.ops_report_listens) return;
		frm.ops_report_listens = true;
		frappe.realtime.on("ops_service_report", (said) => said.name === frm.doc.name && look(frm));
	};

	const compare = async (frm) => {
		const found = await call("compare", { name: frm.doc.name });
		const rows = found.rows.map((row) => `<tr><td>${esc(row.section)}</td><td>${esc(row.label)}</td><td>${esc(row.was)}</td><td>${esc(row.now)}</td></tr>`).join("");
		const head = [__("Section", null, "Service Report Section"), __("Figure", null, "Service Report"), __("Published", null, "Service Report"), __("Today", null, "Service Report")];
		const table = `<div class="table-responsive"><table class="table table-bordered"><thead><tr>${head.map((one) => `<th>${esc(one)}</th>`).join("")}</tr></thead><tbody>${rows}</tbody></table></div>`;
		frappe.msgprint({
			title: __("Compare with Today"),
			wide: true,
			indicator: found.count ? "orange" : "green",
			message: found.count
				? `<p>${__("Since publishing {0} figures would be different. The report stays as it was published; Revise makes it anew as its next version.", [found.count])}</p>${table}`
				: __("Every figure would be the same today."),
		});
	};

	const hand_over = async (frm) => {
		await call("hand_over", { name: frm.doc.name });
		frappe.show_alert({ message: __("The PDF is being made and handed over."), indicator: "blue" });
	};

	const draw = (frm, found) => {
		const may = found.open && frm.perm[0]?.write;
		const area = frm.get_field("sections_view").$wrapper;
		const blocks = found.sections.map((one) => block(frm, one, may)).join("");
		const when = found.figures_on ? `<p class="text-muted small">${__("Figures as of {0}", [esc(found.figures_on)])}</p>` : "";
		area.html(`<div class="ops-report"><div class="ops-report-making" aria-live="polite"></div>${when}${blocks}</div>`);
		area.find("textarea[data-row]").on("input", (event) => {
			frappe.model.set_value("Service Report Section", event.target.dataset.row, "text", event.target.value);
		});
		area.find("button[data-sources]").on("click", (event) => lead(JSON.parse(event.currentTarget.dataset.sources)));
	};

	/** To exactly the records behind a figure, in their list. */
	const lead = (sources) => {
		frappe.route_options = sources.filters;
		frappe.set_route("List", sources.doctype, "List");
	};

	const leads = (sources, text) =>
		sources
			? `<button type="button" class="btn btn-link ops-report-lead" data-sources='${esc(JSON.stringify(sources))}' title="${esc(
					sources.whole ? __("Show the {0} records behind it", [sources.count]) : __("Show the first of {0} records behind it", [sources.count])
			  )}">${esc(text)}</button>`
			: esc(text);

	const block = (frm, one, may) => {
		const row = frm.doc.sections.find((found) => found.name === one.name) || one;
		const id = `ops-report-${one.name}`;
		const nothing = one.made && !one.figures.length && !one.tables.length && !one.charts.length && !one.notes.length;
		const text = may
			? `<label class="text-muted small" for="${id}">${__("What you say about it")}</label><textarea id="${id}" class="form-control" rows="3" data-row="${esc(one.name)}">${esc(row.text || "")}</textarea>`
			: row.text ? `<p class="ops-report-said">${esc(row.text)}</p>` : "";
		return `<section class="ops-report-section" aria-label="${esc(one.heading)}"><h4>${esc(one.heading)}</h4>
			${one.introduction ? `<p class="ops-report-said">${esc(one.introduction)}</p>` : ""}
			<div class="ops-report-sides"><div class="ops-report-figures">
			${one.made || !one.section ? "" : `<p class="text-muted">${__("Its figures are not made yet.")}</p>`}
			${nothing ? `<p class="text-muted">${__("There was nothing to report in this period.", null, "Service Report")}</p>` : ""}
			${one.figures.length ? `<dl class="ops-report-cards">${one.figures.map(card).join("")}</dl>` : ""}
			${one.charts.map((chart) => `<figure><figcaption>${esc(chart.title)}</figcaption>${chart.svg}</figure>`).join("")}
			${one.tables.map(table).join("")}
			${one.notes.length ? `<ul>${one.notes.map((note) => `<li>${esc(note)}</li>`).join("")}</ul>` : ""}
			</div><div class="ops-report-text">${text}</div></div></section>`;
	};

	const ARROWS = { up: "↑", down: "↓", same: "=" };
	const card = (one) => `<div class="${one.verdict === "Missed" ? "ops-report-missed" : ""}"><dt>${esc(one.label)}</dt><dd><b>${leads(one.sources, one.value)}</b>
		${one.previous ? `<span class="text-muted small">${__("before: {0}", [esc(one.previous)], "Service Report")} ${ARROWS[one.trend] || ""}</span>` : ""}
		${one.too_few ? `<span class="text-muted small">${__("few cases", null, "Service Report")}</span>` : ""}</dd></div>`;

	const SHOWN = 50;
	const table = (one) => {
		const cell = (row, at, value, place) => {
			const link = one.links[at]?.[place];
			const sources = place === 0 && one.sources[at];
			const shown = link ? ops_delivery.link(link, value) : leads(sources, value);
			const { right, tight } = one.columns[place];
			return `<td class="${right ? "text-right " : ""}${tight ? "ops-report-tight" : ""}">${shown}</td>`;
		};
		const rows = one.rows.slice(0, SHOWN).map((row, at) => `<tr class="${one.missed[at] ? "ops-report-missed" : ""}">${row.map((value, place) => cell(row, at, value, place)).join("")}</tr>`);
		const left = one.cut + Math.max(0, one.rows.length - SHOWN);
		const total = one.total.length ? `<tr class="ops-report-total">${one.total.map((value, place) => `<td class="${one.columns[place].right ? "text-right" : ""}">${esc(value)}</td>`).join("")}</tr>` : "";
		if (!rows.length) return "";
		return `<div class="ops-report-table">${one.title ? `<h5>${esc(one.title)}</h5>` : ""}<div class="table-responsive" tabindex="0"><table class="table table-sm"><thead><tr>${one.columns
			.map((column) => `<th class="${column.right ? "text-right" : ""}">${esc(column.label)}</th>`)
			.join("")}</tr></thead><tbody>${rows.join("")}${total}</tbody></table></div>${left ? `<p class="text-muted small">${__("and {0} more", [left])}</p>` : ""}</div>`;
	};
}
