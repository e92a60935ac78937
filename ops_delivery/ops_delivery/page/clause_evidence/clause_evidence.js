// Every clause of a specification with the records that prove it, of an agreement and a period: clause-evidence/AGREEMENT/FIRST DAY/MONTHS.
// What it shows is drawn by public/js/evidence.
frappe.pages["clause-evidence"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Clause Evidence"), single_column: true });
	wrapper.evidence = new ClauseEvidence(page);
};
frappe.pages["clause-evidence"].on_page_show = (wrapper) => wrapper.evidence.show();

class ClauseEvidence {
	constructor(page) {
		this.page = page;
		this.$main = $(page.main).addClass("ops-evidence");
		this.asked = { agreement: "", first: "", months: 1, standard: "" };
		this.frame();
		this.clauses = new ops_delivery.evidence.Clauses(this);
		this.beside = new ops_delivery.evidence.Beside(this);
	}

	frame() {
		const E = ops_delivery.evidence;
		const lengths = E.LENGTHS.map(([months, word]) => `<option value="${months}">${word}</option>`).join("");
		this.$main.html(`<div class="ops-evidence-choices">
			<div class="ops-agreement"></div>
			<label>${__("Period")}<select class="form-control input-xs ops-months">${lengths}</select></label>
			<div class="ops-steps-of-period"><button type="button" class="btn btn-default ops-before" aria-label="${__("Period before")}">‹</button>
				<output class="ops-evidence-span" aria-live="polite"></output>
				<button type="button" class="btn btn-default ops-after" aria-label="${__("Period after")}">›</button></div>
			<label class="ops-standards hidden">${__("Catalogue", null, "Specification Clause")}<select class="form-control input-xs ops-standard"></select></label>
			</div>
			<p class="text-muted ops-said" role="status">${__("Choose an agreement.")}</p>
			<div class="ops-months-course"></div><div class="ops-beside"></div><div class="ops-chapters"></div><div class="ops-clauses"></div>`);
		this.agreement = frappe.ui.form.make_control({
			parent: this.$main.find(".ops-agreement"),
			df: {
				fieldtype: "Link",
				options: "Service Agreement",
				fieldname: "agreement",
				label: __("Service Agreement"),
				get_query: () => ({ filters: { docstatus: ["<", 2] } }),
				change: () => this.go({ agreement: this.agreement.get_value() || "" }),
			},
			render_input: true,
		});
		this.agreement.$input.attr("aria-label", __("Service Agreement"));
		this.$main.find(".ops-months").on("change", (event) => {
			const months = Number(event.currentTarget.value);
			this.go({ months, first: E.first_of(this.asked.first, months) });
		});
		this.$main.find(".ops-before").on("click", () => this.go({ first: E.later(this.asked.first, -this.asked.months) }));
		this.$main.find(".ops-after").on("click", () => this.go({ first: E.later(this.asked.first, this.asked.months) }));
		this.$main.find(".ops-standard").on("change", (event) => {
			this.asked.standard = event.currentTarget.value;
			this.load();
		});
		ops_delivery.load("ops_delivery.api.evidence.catalogues", {}, "GET").then((names) => {
			if (names.length < 2) return;
			this.$main.find(".ops-standards").removeClass("hidden");
			this.$main.find(".ops-standard").html(names.map((name) => `<option value="${E.esc(name)}">${E.esc(__(name))}</option>`).join(""));
		});
	}

	go(change) {
		const asked = { ...this.asked, ...change };
		if (!asked.agreement || ["agreement", "first", "months"].every((key) => asked[key] === this.asked[key])) return;
		frappe.set_route("clause-evidence", asked.agreement, asked.first, String(asked.months));
	}

	show() {
		const E = ops_delivery.evidence;
		const [, agreement, first, months] = frappe.get_route();
		const length = [1, 3, 6, 12].includes(Number(months)) ? Number(months) : 1;
		const day = /^\d{4}-\d\d-\d\d$/.test(first || "") ? first : frappe.datetime.get_today();
		this.asked = { ...this.asked, agreement: agreement || "", months: length, first: E.first_of(day, length) };
		if (this.agreement.get_value() !== this.asked.agreement) this.agreement.set_value(this.asked.agreement);
		this.$main.find(".ops-months").val(String(length));
		this.$main.find(".ops-evidence-span").text(E.span(this.asked));
		this.page.clear_inner_toolbar();
		this.page.clear_menu();
		if (!agreement) return;
		this.page.set_secondary_action(__("Compute anew"), () => this.load(true), "refresh");
		this.page.add_inner_button(__("Compare"), () => this.beside.ask());
		this.page.add_menu_item(__("Evidence Definition"), () => frappe.set_route("List", "Evidence Definition"));
		this.page.add_menu_item(__("Clause Exemption"), () => frappe.set_route("List", "Clause Exemption", { agreement }));
		this.load();
	}

	/** What the server is asked with. */
	get question() {
		const { agreement, first, months, standard } = this.asked;
		return { agreement, first, last: ops_delivery.evidence.last_of(first, months), ...(standard ? { standard } : {}) };
	}

	async load(anew = false) {
		const turn = (this.turn = (this.turn || 0) + 1);
		this.$main.find(".ops-said").text(__("The records are being read …"));
		const answer = await ops_delivery.load("ops_delivery.api.evidence.matrix", { ...this.question, anew: anew ? 1 : 0 }).catch(() => null);
		if (turn !== this.turn) return;
		if (!answer) {
			this.$main.find(".ops-said").text(__("It could not be shown. Choose another agreement, or try again."));
			return;
		}
		this.page.set_title(`${__("Clause Evidence")}: ${answer.title}`);
		this.$main.find(".ops-said").text(
			[
				answer.rules ? "" : __("The agreement is not in force in this period."),
				__("As of {0}", [ops_delivery.evidence.moment(answer.made_on)]),
			]
				.filter(Boolean)
				.join(" ")
		);
		this.clauses.draw(answer);
		this.beside.course();
	}
}
