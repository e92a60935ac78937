// What became of the amounts that an agreement promises: used, planned, left, beyond; on its form and on the delivery plan.
frappe.provide("ops_delivery.amounts");

(() => {
	const { esc } = ops_delivery;
	const api = (method, args, verb) => ops_delivery.load(`ops_delivery.api.amounts.${method}`, args, verb);
	const number = (value) => (value == null ? "∞" : format_number(value, null, Number.isInteger(value) ? 0 : 2));
	const day = (value) => frappe.datetime.str_to_user(value);
	const word = (text) => __(text, null, "Amount Entry");

	/** Draw the amounts into the form's amounts_html; without an agreement there is nothing. */
	ops_delivery.amounts.show = async (frm, agreement, { now = 0 } = {}) => {
		const field = frm.get_field("amounts_html");
		field.$wrapper.empty();
		frm.toggle_display("amounts_html", false);
		if (!agreement || frm.is_new()) return;
		const name = frm.doc.name;
		const rows = await api("used", { agreement, now }, "GET");
		if (frm.doc.name !== name || !rows.length) return;
		frm.toggle_display("amounts_html", true);
		field.$wrapper.html(
			`${now ? `<p><b>${__("Agreed Amounts")}</b></p>` : ""}<div class="ops-amounts">${rows.map((row) => card(row)).join("")}</div><p class="ops-amounts-more">
			<a href="#" data-list="1">${__("Every entry")}</a>${
				frappe.model.can_write("Service Agreement") ? ` · <a href="#" data-check="1">${__("Check the entries")}</a>` : ""
			}</p>`
		);
		field.$wrapper.find("[data-list]").on("click", (event) => {
			event.preventDefault();
			frappe.set_route("List", "Amount Entry", { agreement });
		});
		field.$wrapper.find("[data-check]").on("click", (event) => {
			event.preventDefault();
			check(frm, agreement);
		});
	};

	const card = (row) => {
		const at = row.now;
		return `<section class="ops-amount"><header><b>${esc(row.title)}</b> <span>${esc(row.promise)}</span></header>
			${at ? period(row, at) : `<p class="text-muted">${__("Not in force today.")}</p>`}
			<p class="text-muted small">${esc([row.counted, row.rest].filter(Boolean).join(" · "))}</p>
			${history(row)}</section>`;
	};

	const period = (row, at) => {
		const whole = at.at_hand || 0;
		const width = (value) => (whole ? Math.max(0, Math.min(100, (100 * value) / whole)) : 0);
		const bar = row.unlimited
			? ""
			: `<div class="ops-amount-bar${at.warned ? " is-nearly" : ""}" role="img" aria-label="${esc(
					__("{0} % used", [Math.round(at.share || 0)])
			  )}"><i style="width:${width(at.used)}%"></i><i class="is-planned" style="width:${width(at.planned)}%"></i></div>`;
		const nearly = at.warned ? `<span class="indicator-pill ${at.share >= 100 ? "red" : "orange"}">${at.share >= 100 ? word("Used up") : word("Nearly used")}</span> ` : "";
		return `<p class="ops-amount-days">${nearly}${day(at.from)} – ${day(at.to)}${
			at.carried ? ` · ${__("{0} carried over", [number(at.carried)])}` : ""
		}</p>${bar}<dl class="ops-amount-figures">
			${figure(word("Used"), at.used)}${figure(word("Planned"), at.planned)}
			${row.unlimited ? "" : figure(word("Left"), at.left)}
			${at.extra ? figure(word("Beyond"), at.extra, "is-late") : ""}
			${at.planned_extra ? figure(word("Planned beyond"), at.planned_extra, "is-late") : ""}
			</dl>`;
	};

	const figure = (label, value, tone = "") => `<div class="${tone}"><dt>${label}</dt><dd>${number(value)}</dd></div>`;

	const history = (row) => {
		const today = frappe.datetime.get_today();
		const past = row.periods.filter((at) => at.to < today);
		if (!past.length) return "";
		const head = [__("Period", null, "Service Agreement"), word("Promised"), word("Carried over"), word("Used"), word("Expired"), word("Beyond")];
		const lines = past.map(
			(at) => `<tr><td>${day(at.from)} – ${day(at.to)}</td>${[at.promised, at.carried, at.used, at.expired, at.extra]
				.map((value) => `<td>${number(value)}</td>`)
				.join("")}</tr>`
		);
		return `<details><summary>${__("Earlier periods")}</summary><div class="ops-scroll"><table class="table table-sm">
			<thead><tr>${head.map((text) => `<th>${text}</th>`).join("")}</tr></thead><tbody>${lines.join("")}</tbody></table></div></details>`;
	};

	/** Whether the ledger says what the records say; and bringing it in line. */
	async function check(frm, agreement) {
		const found = await api("differences", { agreement }, "GET");
		if (!found.length) {
			frappe.show_alert({ message: __("Every record has drawn what it says."), indicator: "green" });
			return;
		}
		const lines = found
			.slice(0, 20)
			.map(
				(row) =>
					`<li>${esc(__(row.doctype))} ${esc(row.name)}, ${esc(row.title)}: ${__("{0} entered, {1} on the record", [
						number(row.stands),
						number(row.takes),
					])}</li>`
			);
		ops_delivery.ask({
			title: __("Check the entries"),
			intro: `${__("{0} entries differ from their records:", [found.length])}<ul>${lines.join("")}</ul>`,
			fields: [],
			label: __("Bring in line"),
			action: () => frappe.xcall("ops_delivery.api.amounts.bring_in_line", { agreement }),
			done: () => frm.reload_doc(),
		});
	}
})();
