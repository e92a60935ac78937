// My Day: an engineer's own visits on a phone, in the order in which they come. The last list stays on the device, so it
// is there when the connection is not.
frappe.pages["my-day"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("My Day"), single_column: true });
	wrapper.day = new MyDay(page);
	ops_delivery.need("looks", "desk"); // so that a visit opens where there is no connection
};
frappe.pages["my-day"].on_page_show = (wrapper) => wrapper.day.show();
frappe.pages["my-day"].on_page_hide = (wrapper) => wrapper.day.hide();

class MyDay {
	static AGAIN_AFTER = 120000;

	constructor(page) {
		this.$main = $(page.main).addClass("ops-myday");
		const kept = "ops_delivery_my_day:";
		this.kept = kept + frappe.session.user;
		// the list of whoever used this device before is none of ours
		for (const key of Object.keys(localStorage)) if (key.startsWith(kept) && key !== this.kept) localStorage.removeItem(key);
		page.set_secondary_action(__("Refresh"), () => this.load(), "refresh");
		page.add_menu_item(__("Dispatch Board"), () => frappe.set_route("dispatch-board"));
		this.$main.on("click", "[data-open]", (event) => {
			const { doctype, name } = event.currentTarget.dataset;
			frappe.set_route("Form", doctype, name);
		});
		window.addEventListener("online", () => this.shown && this.load());
		window.addEventListener("offline", () => this.shown && this.load());
	}

	show() {
		this.shown = true;
		this.timer = window.setInterval(() => document.visibilityState === "visible" && this.load(), MyDay.AGAIN_AFTER);
		this.load();
	}

	hide() {
		this.shown = false;
		window.clearInterval(this.timer);
	}

	async load() {
		const before = this.read();
		if (before && !this.drawn) this.draw(before, true);
		try {
			const answer = await this.ask();
			localStorage.setItem(this.kept, JSON.stringify(answer));
			this.draw(answer, false);
			this.fetch_ahead(answer);
		} catch (error) {
			console.warn(error);
			if (before) this.draw(before, true);
			else this.$main.html(`<p class="text-muted ops-none">${__("There is no connection, and no list was kept on this device yet.")}</p>`);
		}
	}

	/** Without Frappe's own request, which says nothing at all when there is no connection. */
	async ask() {
		const response = await fetch("/api/method/ops_delivery.api.dispatch.own_day", { headers: { Accept: "application/json" } });
		if (!response.ok) throw new Error(String(response.status));
		return (await response.json()).message;
	}

	read() {
		try {
			return JSON.parse(localStorage.getItem(this.kept));
		} catch {
			return null;
		}
	}

	/** The forms of today's visits with their panels, so that they open where there is no connection. */
	fetch_ahead(answer) {
		const near = answer.visits.filter((visit) => !visit.ended && visit.day <= answer.today).slice(0, 6);
		const rounds = (answer.rounds || []).filter((round) => round.day <= answer.today).slice(0, 6);
		for (const { doctype, name } of rounds) {
			if (!frappe.get_doc(doctype, name)) frappe.model.with_doctype(doctype, () => frappe.model.with_doc(doctype, name));
			ops_delivery.routine.sheet_of(name).catch(() => {});
		}
		for (const { doctype, name } of near) {
			if (frappe.get_doc(doctype, name)) continue;
			frappe.model.with_doctype(doctype, () => frappe.model.with_doc(doctype, name));
			ops_delivery.visit.keep_ahead(doctype, name);
		}
	}

	draw(answer, old) {
		this.drawn = true;
		const { esc } = ops_delivery;
		const groups = new Map();
		for (const visit of answer.visits) groups.set(visit.day, [...(groups.get(visit.day) || []), this.visit(visit, esc)]);
		for (const round of answer.rounds || []) groups.set(round.day, [...(groups.get(round.day) || []), this.round(round, esc)]);
		if (!groups.has(answer.today)) groups.set(answer.today, []);
		const days = [...groups.keys()].sort();
		const title = (day) =>
			!day ? __("Not finished") : day === answer.today ? __("Today", null, "Ops Delivery") : new Date(`${day}T12:00:00`).toLocaleDateString(frappe.boot.lang, { weekday: "long", day: "numeric", month: "long" });
		this.$main.html(
			`${old ? `<p class="ops-visit-offline" role="status">${__("No connection: the list as of {0}.", [esc(frappe.datetime.str_to_user(answer.now.slice(0, 10)) + " " + answer.now.slice(11))])}</p>` : ""}
			${days
				.map((day) => `<section><h4>${title(day)}</h4>${
					groups.get(day).join("") || `<p class="text-muted">${__("Nothing planned")}</p>`
				}</section>`)
				.join("")}
			${frappe.boot.time_zone?.user && frappe.boot.time_zone.user !== answer.zone ? `<p class="text-muted">${__("All times are those of {0}.", [esc(answer.zone)])}</p>` : ""}`
		);
	}

	/** Routine work: a day and no hour. */
	round(round, esc) {
		const title = (day) => frappe.datetime.str_to_user(day);
		const days = [round.day ? "" : title(round.planned), round.due && round.due !== round.planned ? __("until {0}", [title(round.due)]) : ""].filter(Boolean);
		return `<article class="ops-myday-card ops-${esc(round.colour)}">
			<button type="button" class="ops-myday-open" data-open data-doctype="${esc(round.doctype)}" data-name="${esc(round.name)}">
				<span class="ops-myday-top"><b>${esc([round.kind, ...days].join(" · "))}</b>
				<span class="indicator-pill no-indicator-dot ${esc(round.colour)}">${esc(round.label)}</span></span>
				<span class="ops-myday-who">${esc(round.customer)}</span>
				<span>${esc(round.title)}</span>
				<span class="text-muted">${__("{0} objects", [round.objects])}${round.user ? "" : ` · ${esc(round.who)}`}</span>
				${round.late ? `<span class="ops-warned ops-is-late">${__("Overdue", null, "Ops Delivery")}</span>` : ""}
				${round.warnings.map((text) => `<span class="ops-warned">⚠ ${esc(text)}</span>`).join("")}
			</button></article>`;
	}

	visit(visit, esc) {
		const clock = (stamp) => (stamp ? stamp.slice(11, 16) : "");
		const way = visit.way
			? `<div class="ops-myday-way ${visit.way.short ? "ops-short" : ""}">→ ${
					visit.way.short
						? __("{0} min for the way, {1} are needed", [visit.way.free, visit.way.needed])
						: __("{0} min for the way", [visit.way.free])
			  }</div>`
			: "";
		const number = (visit.phone || "").replace(/[^\d+]/g, "");
		const along = visit.engineers.filter((person) => person.user !== frappe.session.user).map((person) => person.name);
		return `${way}<article class="ops-myday-card ops-${esc(visit.colour)} ${visit.ended ? "ops-ended" : ""}">
			<button type="button" class="ops-myday-open" data-open data-doctype="${esc(visit.doctype)}" data-name="${esc(visit.name)}">
				<span class="ops-myday-top"><b>${esc(visit.day ? "" : frappe.datetime.str_to_user(visit.start.slice(0, 10)) + " ")}${esc(clock(visit.start))}${visit.end ? `–${esc(clock(visit.end))}` : ""}</b>
				<span class="indicator-pill no-indicator-dot ${esc(visit.colour)}">${esc(visit.label)}</span></span>
				<span class="ops-myday-who">${esc(visit.customer)}${visit.remote ? ` · ${__("Remote")}` : ""}</span>
				<span>${esc(visit.title)}</span>
				<span class="text-muted">${esc([visit.object, along.length ? `+ ${along.join(", ")}` : ""].filter(Boolean).join(" · "))}</span>
				${visit.late ? `<span class="ops-warned ops-is-late">${esc(visit.late)}</span>` : ""}
				${visit.warnings.map((text) => `<span class="ops-warned">⚠ ${esc(text)}</span>`).join("")}
			</button>
			<div class="ops-myday-links">
				${number ? `<a class="btn btn-default" href="tel:${esc(number)}">${frappe.utils.icon("call", "sm")} ${esc(visit.contact || visit.phone)}</a>` : ""}
				${visit.place && !visit.remote ? `<a class="btn btn-default" href="geo:0,0?q=${encodeURIComponent(visit.place)}">${frappe.utils.icon("arrow-up-right", "sm")} ${esc(visit.place)}</a>` : ""}
			</div></article>`;
	}
}
