// All objects at a glance: counts that filter, and a line an object, the worst first.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine/object_list.js", () => {
	const R = ops_delivery.routine;

	R.ObjectList = class ObjectList {
		constructor(overview) {
			this.overview = overview;
			this.asked = { customer: "", state: "", search: "", days: 0 };
			this.rows = [];
		}

		show() {
			const options = frappe.route_options || {};
			frappe.route_options = {}; // not null: Frappe 16 looks into it at the next change of the route
			if ("customer" in options) this.asked = { ...this.asked, customer: options.customer, state: "" };
			const $main = this.overview.draw("", __("Object Overview"), `<div class="ops-object-filters">
				<div class="ops-customer"></div>
				<label>${__("Search")}<input type="search" class="form-control input-xs ops-search" placeholder="${__("Name, code, serial number or place")}" value="${R.esc(this.asked.search)}"></label>
				<label>${__("Not seen for (days)")}<input type="number" min="1" max="3660" class="form-control input-xs ops-days" value="${R.esc(this.asked.days || "")}"></label>
				</div><div class="ops-object-counts" role="group" aria-label="${__("State", null, "Object State")}"></div>
				<p class="text-muted ops-found" role="status"></p><div class="ops-object-rows"></div>`);
			if (!$main) return;
			this.$main = $main;
			this.customer = frappe.ui.form.make_control({
				parent: $main.find(".ops-customer"),
				df: { fieldtype: "Link", options: "Customer", fieldname: "customer", label: __("Customer", null, "Ops Delivery"), change: () => this.take("customer", this.customer.get_value() || "") },
				render_input: true,
			});
			this.customer.set_value(this.asked.customer);
			const later = frappe.utils.debounce((name, value) => this.take(name, value), 300);
			$main.find(".ops-search").on("input", (event) => later("search", event.currentTarget.value.trim()));
			$main.find(".ops-days").on("change", (event) => this.take("days", Math.max(0, Number(event.currentTarget.value) || 0)));
			$main.find(".ops-object-counts").on("click", "button", (event) => this.take("state", event.currentTarget.dataset.state));
			$main.find(".ops-object-rows").on("click", ".ops-more", () => this.load(this.rows.length));
			this.overview.page.add_menu_item(__("Print labels of what is shown"), () => this.rows.length && R.labels(this.rows.map((row) => row.name)));
			this.overview.page.add_menu_item(__("Service Object"), () => frappe.set_route("List", "Service Object"));
			this.load();
		}

		take(name, value) {
			if (this.asked[name] === value) return;
			this.asked[name] = value;
			this.load();
		}

		async load(start = 0) {
			const turn = (this.turn = (this.turn || 0) + 1);
			const answer = await ops_delivery.load("ops_delivery.api.object_states.overview", { ...this.asked, start }, "GET");
			if (turn !== this.turn || frappe.get_route()[1]) return;
			this.rows = start ? [...this.rows, ...answer.rows] : answer.rows;
			this.draw(answer);
		}

		draw(answer) {
			const { state } = this.asked;
			const count = (name, label, number) =>
				`<button type="button" data-state="${name}" aria-pressed="${name === state}"><b>${number}</b>${name ? R.state_pill(name) : label}</button>`;
			this.$main.find(".ops-object-counts").html(
				count("", __("All objects"), answer.whole) + R.STATES.map((name) => count(name, "", answer.counts[name])).join("")
			);
			this.$main.find(".ops-days").attr("placeholder", answer.days);
			this.$main
				.find(".ops-found")
				.text(answer.found ? __("{0} of {1} objects", [this.rows.length, answer.found]) : "");
			const head = [__("Object"), __("State", null, "Object State"), __("Since", null, "Object State"), __("Worst step"), __("Last seen"), __("Last round")];
			const rows = this.rows.map((row) => this.row(row, head)).join("");
			this.$main.find(".ops-object-rows").html(
				rows
					? `<table class="ops-stacked"><thead><tr>${head.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead><tbody>${rows}</tbody></table>
						${this.rows.length < answer.found ? `<p><button type="button" class="btn btn-default ops-more">${__("Show more")}</button></p>` : ""}`
					: `<p class="text-muted">${answer.whole || state ? __("Nothing found.") : __("No object is here yet, or none that you may see.")}</p>`
			);
		}

		row(row, head) {
			const cell = (place, html) => `<td data-label="${R.esc(head[place])}">${html}</td>`;
			const { worst } = row;
			const step = worst && row.state !== "Normal" ? `${worst.is_number ? R.link(worst.step, "object-overview", row.name, worst.key) : R.esc(worst.step)}: <b>${R.esc(R.value(worst))}</b>` : "";
			const more = row.count > 1 && row.state !== "Normal" ? ` <span class="text-muted">${__("and {0} more", [row.count - 1])}</span>` : "";
			return `<tr><td>${R.link(row.title, "object-overview", row.name)}<div class="text-muted small">${R.esc(row.name)} · ${R.esc(row.customer_name)}</div></td>
				<td>${R.state_pill(row.state)}${row.unseen && row.seen && row.state !== "Not Seen" ? ` <span class="text-muted small">${__("not seen for long")}</span>` : ""}</td>
				${cell(2, row.seen ? R.esc(R.day(row.since)) : __("never read"))}
				${cell(3, step + more)}
				${cell(4, R.esc(R.moment(row.seen)))}
				${cell(5, row.round ? R.link(row.round.title, "routine-task", row.round.name) : "")}</tr>`;
		}
	};
});
