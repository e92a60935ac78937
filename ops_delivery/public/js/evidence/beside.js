// The course over months, and two agreements beside each other.
frappe.provide("ops_delivery.evidence");

ops_delivery.once("evidence/beside.js", () => {
	const E = ops_delivery.evidence;

	E.Beside = class Beside {
		constructor(shown) {
			this.shown = shown;
			shown.$main.on("click", ".ops-months-course [data-first]", (event) => shown.go({ first: event.currentTarget.dataset.first, months: 1 }));
			shown.$main.on("click", ".ops-fill", () => this.fill());
			shown.$main.on("click", ".ops-close-beside", () => shown.$main.find(".ops-beside").empty());
		}

		async course() {
			const { question, asked } = this.shown;
			const { agreement, last, standard } = question;
			const answer = await ops_delivery.load("ops_delivery.api.evidence.course", { agreement, last, ...(standard ? { standard } : {}) }).catch(() => null);
			if (!answer || asked.agreement !== this.shown.asked.agreement) return;
			const month = (one) => {
				const label = E.esc(one.from.slice(0, 7));
				return `<li><button type="button" data-first="${one.from}" aria-label="${label}">${one.counts ? E.bar(one.counts) : '<span class="ops-bar ops-none"></span>'}<span>${label.slice(2)}</span><b>${one.counts ? one.counts.Proven : "–"}</b></button></li>`;
			};
			this.shown.$main
				.find(".ops-months-course")
				.html(`<h4>${__("Course over months")} <small class="text-muted">${__("clauses proven")}</small>${
					answer.months.some((one) => !one.counts) ? ` <button type="button" class="btn btn-xs btn-default ops-fill">${__("Compute missing months")}</button>` : ""
				}</h4><ol>${answer.months.map(month).join("")}</ol>`);
		}

		async fill() {
			const { agreement, standard } = this.shown.question;
			await ops_delivery.load("ops_delivery.api.evidence.compute_months", { agreement, ...(standard ? { standard } : {}) });
			frappe.show_alert({ message: __("The missing months are being computed. Refresh in a moment."), indicator: "blue" });
		}

		ask() {
			ops_delivery.ask({
				title: __("Compare with"),
				fields: [{ fieldname: "other", fieldtype: "Link", options: "Service Agreement", label: __("Service Agreement"), reqd: 1, get_query: () => ({ filters: { docstatus: ["<", 2] } }) }],
				label: __("Compare"),
				action: ({ other }) => ops_delivery.load("ops_delivery.api.evidence.compare", { ...this.shown.question, other }),
				done: (answer) => this.draw(answer),
			});
		}

		draw(answer) {
			const [first, second] = answer.sides;
			const rows = answer.rows
				.map(
					(row) => `<tr><td>${E.esc(row.number)}</td><td>${E.esc(row.title)}</td><td data-label="${E.esc(first.title)}">${E.pill(row.first)}</td><td data-label="${E.esc(second.title)}">${E.pill(row.second)}</td></tr>`
				)
				.join("");
			const side = (one) => `${E.esc(one.title)} ${E.bar(one.counts)}`;
			this.shown.$main.find(".ops-beside").html(`<section><h4>${__("Compared")} <button type="button" class="btn btn-xs btn-default ops-close-beside">${__("Close")}</button></h4>
				<table class="ops-stacked"><thead><tr><th scope="col">${__("Clause", null, "Clause Exemption")}</th><th scope="col">${__("Title", null, "Specification Clause")}</th><th scope="col">${side(first)}</th><th scope="col">${side(second)}</th></tr></thead>
				<tbody>${rows || `<tr><td colspan="4">${__("Both stand alike.")}</td></tr>`}</tbody></table></section>`);
			this.shown.$main.find(".ops-beside")[0].scrollIntoView({ block: "nearest" });
		}
	};
});
