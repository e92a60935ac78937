// The chapters with their counts, and each clause: what it asks, how it stands, its records, and what to do next.
frappe.provide("ops_delivery.evidence");

ops_delivery.once("evidence/clauses.js", () => {
	const E = ops_delivery.evidence;

	E.Clauses = class Clauses {
		constructor(shown) {
			this.shown = shown;
			this.asked = { chapter: "", state: "" };
			const { $main } = shown;
			$main.on("click", ".ops-chapters [data-chapter]", (event) => this.take("chapter", event.currentTarget.dataset.chapter));
			$main.on("click", ".ops-chapters [data-state]", (event) => this.take("state", event.currentTarget.dataset.state));
			$main.on("click", ".ops-records-of", (event) => this.records(event.currentTarget));
			$main.on("click", ".ops-begin", (event) => this.begin(event.currentTarget.dataset));
			$main.on("click", ".ops-all-of", (event) => this.list(event.currentTarget.dataset));
			E.exemption_clicks(shown, this);
		}

		take(name, value) {
			this.asked[name] = this.asked[name] === value ? "" : value;
			this.draw(this.answer);
		}

		draw(answer) {
			this.answer = answer;
			const { chapter, state } = this.asked;
			const states = E.STATES.map(
				(name) => `<button type="button" data-state="${name}" aria-pressed="${name === state}"><b>${answer.counts[name]}</b>${E.pill(name)}</button>`
			).join("");
			const chapters = answer.chapters
				.map(
					(one) => `<button type="button" data-chapter="${E.esc(one.chapter)}" aria-pressed="${one.chapter === chapter}">
						<b>${E.esc(one.chapter)}</b> ${E.esc(one.title)}<span class="ops-of">${one.counts.Proven} / ${E.STATES.reduce((sum, name) => sum + one.counts[name], 0)}</span>
						${E.bar(one.counts)}</button>`
				)
				.join("");
			this.shown.$main
				.find(".ops-chapters")
				.html(
					`<div class="ops-states" role="group" aria-label="${__("State", null, "Clause Exemption")}">${states}</div><div class="ops-chapter-list" role="group" aria-label="${__("Chapter", null, "Specification Clause")}">${chapters}</div>`
				);
			const seen = answer.clauses.filter((one) => (!chapter || one.chapter === chapter) && (one.is_heading ? !state : !state || one.state === state));
			let last = "";
			const html = seen.map((one) => {
				const head = one.chapter !== last ? `<h3>${E.esc(one.chapter)} ${E.esc(one.chapter_title)}</h3>` : "";
				last = one.chapter;
				return head + (one.is_heading ? `<h4>${E.esc(one.number)} ${E.esc(one.title)}</h4>` : this.clause(one));
			});
			this.shown.$main.find(".ops-clauses").html(html.join("") || `<p class="text-muted">${__("Nothing found.")}</p>`);
		}

		clause(one) {
			const facts = [one.records ? __("Records: {0}", [one.records]) : __("No records"), one.newest ? __("newest of {0}", [E.day(one.newest)]) : ""].filter(Boolean).join(" · ");
			const why = one.reasons.map((text) => `<li>${E.esc(text)}</li>`).join("");
			const next = one.state === "Not Applicable" ? "" : one.next.filter((row) => row.hint).map((row) => `<li>${this.next(row)}</li>`).join("");
			const records = one.records
				? `<button type="button" class="btn btn-xs btn-default ops-records-of" aria-expanded="false">${__("Show records")}</button>`
				: "";
			const define =
				one.state === "Missing" && !one.next.length && this.answer.may_define
					? `<button type="button" class="btn btn-xs btn-default ops-begin" data-way="new" data-doctype="Evidence Definition" data-values="${E.esc(JSON.stringify({ clause: one.name }))}">${__("Define what proves it")}</button>`
					: "";
			return `<article data-number="${E.esc(one.number)}" class="ops-clause">
				<header><b>${E.esc(one.number)}</b> <span class="ops-title">${E.esc(one.title)}</span> ${E.pill(one.state)}</header>
				<p>${E.esc(one.requirement)}</p>
				${why ? `<ul class="text-muted">${why}</ul>` : ""}
				${next ? `<div class="ops-to-do"><span class="text-muted">${__("What to do next")}</span><ul>${next}</ul></div>` : ""}
				${E.exemption_line(one, this.answer)}
				<footer><span class="text-muted">${facts}</span> ${records}${define}${E.exemption_buttons(one, this.answer)}</footer>
				<div class="ops-records" hidden></div></article>`;
		}

		next(row) {
			if (!row.way) return E.esc(row.hint);
			return `<button type="button" class="btn btn-link ops-begin" data-way="${E.esc(row.way)}" data-doctype="${E.esc(row.doctype)}" data-name="${E.esc(row.name || "")}" data-values="${E.esc(JSON.stringify(row.values || {}))}">${E.esc(row.hint)}</button>`;
		}

		begin({ way, doctype, name, values }) {
			if (way === "form") frappe.set_route("Form", doctype, name);
			else if (way === "list") frappe.set_route("List", doctype);
			else frappe.new_doc(doctype, JSON.parse(values || "{}"));
		}

		async records(button) {
			const $clause = $(button).closest(".ops-clause");
			const $records = $clause.find(".ops-records");
			const opened = button.getAttribute("aria-expanded") !== "true";
			button.setAttribute("aria-expanded", opened);
			$(button).text(opened ? __("Hide records") : __("Show records"));
			$records.prop("hidden", !opened);
			if (!opened || $records.data("read")) return;
			const number = $clause.data("number");
			const answer = await ops_delivery.load("ops_delivery.api.evidence.records", { ...this.shown.question, number: String(number) });
			$records.data("read", 1).html(answer.proofs.map((proof) => this.proof(proof)).join(""));
		}

		proof(proof) {
			const rows = proof.rows.map((row) => `<li>${ops_delivery.link(proof.doctype, row.name, row.title)} <span class="text-muted">${row.title === row.name ? "" : E.esc(row.name)}</span></li>`).join("");
			const more = [
				proof.unreadable ? __("{0} that you may not read", [proof.unreadable]) : "",
				proof.more > 0 ? __("{0} older ones", [proof.more]) : "",
			]
				.filter(Boolean)
				.join(", ");
			const list =
				proof.names.length > 1
					? `<button type="button" class="btn btn-link btn-xs ops-all-of" data-doctype="${E.esc(proof.doctype)}" data-names="${E.esc(JSON.stringify(proof.names))}">${__("Open as a list")}</button>`
					: "";
			return `<section><h5>${E.esc(proof.label)} (${proof.count}) ${list}</h5><p class="text-muted small">${E.esc(proof.asks)}</p>
				<ul>${rows}</ul>${more ? `<p class="text-muted">${more}</p>` : ""}</section>`;
		}

		list({ doctype, names }) {
			frappe.set_route("List", doctype, "List", { name: ["in", JSON.parse(names).slice(0, 100).join(",")] });
		}
	};
});
