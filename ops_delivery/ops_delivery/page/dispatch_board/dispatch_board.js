// The dispatch board: visits and sessions by engineer and day. Cards and moves are drawn by public/js/dispatch.
frappe.pages["dispatch-board"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Dispatch Board"), single_column: true });
	wrapper.board = new DispatchBoard(page, wrapper);
};
frappe.pages["dispatch-board"].on_page_show = (wrapper) => wrapper.board.show();
frappe.pages["dispatch-board"].on_page_hide = (wrapper) => wrapper.board.hide();

class DispatchBoard {
	static KEPT = "ops_delivery_dispatch_view";
	static AGAIN_AFTER = 60000; // where no word of a change comes through
	static NARROW = 768;

	constructor(page) {
		this.page = page;
		this.state = { board: null, dragging: false, dropped: 0 };
		this.view = localStorage.getItem(DispatchBoard.KEPT) === "day" ? "day" : "week";
		this.start = null;
		this.find = "";
		const $main = $(page.main).addClass("ops-dispatch");
		$main.html(`<div class="ops-bar">
			<div class="btn-group"><button type="button" class="btn btn-default" data-go="-1" aria-label="${__("Earlier", null, "Dispatch Board")}">‹</button>
			<button type="button" class="btn btn-default" data-go="0">${__("Today", null, "Ops Delivery")}</button>
			<button type="button" class="btn btn-default" data-go="1" aria-label="${__("Later")}">›</button></div>
			<b class="ops-range" role="status"></b>
			<div class="btn-group ops-views"><button type="button" class="btn btn-default" data-view="week">${__("Week")}</button>
			<button type="button" class="btn btn-default" data-view="day">${__("Day")}</button></div>
			<input type="search" class="form-control ops-find" placeholder="${__("Engineer, skill or customer")}" aria-label="${__("Engineer, skill or customer")}">
			</div><div class="ops-board-body"></div><p class="text-muted ops-tiny ops-foot"></p>`);
		this.$main = $main;
		this.$body = $main.find(".ops-board-body");
		page.set_secondary_action(__("Refresh"), () => this.load(), "refresh");
		page.add_menu_item(__("My Day"), () => frappe.set_route("my-day"));
		for (const doctype of ["Field Service Sheet", "Remote Support Session"]) {
			page.add_menu_item(__("{0} Calendar", [__(doctype)]), () => frappe.set_route("List", doctype, "Calendar"));
			if (frappe.model.can_create(doctype)) page.add_inner_button(__(doctype), () => frappe.new_doc(doctype), __("New", null, "Ops Delivery"));
		}
		if (frappe.model.can_read("Dispatch Profile")) {
			page.add_menu_item(__("Dispatch Profile"), () => frappe.set_route("List", "Dispatch Profile"));
		}
		this.bind();
		this.soon = frappe.utils.debounce(() => this.refresh(), 2000);
		this.told = (data) => ["Field Service Sheet", "Remote Support Session", "Routine Task"].includes(data.doctype) && this.soon();
		ops_delivery.dispatch.changed = () => this.load();
		ops_delivery.dispatch.latest_round = (key) => this.state.board?.rounds[key];
		ops_delivery.dispatch.latest = (key) => this.state.board?.visits[key];
		this.narrow = window.innerWidth < DispatchBoard.NARROW;
		window.addEventListener("resize", () => {
			if (window.innerWidth < DispatchBoard.NARROW === this.narrow) return;
			this.narrow = !this.narrow;
			if (this.shown) this.load();
		});
	}

	get days() {
		return this.narrow || this.view === "day" ? 1 : 7;
	}

	bind() {
		this.$main.on("click", "[data-go]", (event) => this.go(Number(event.currentTarget.dataset.go)));
		this.$main.on("click", "[data-view]", (event) => this.look_at(event.currentTarget.dataset.view));
		this.$main.on("click", "[data-day]", (event) => this.look_at("day", event.currentTarget.dataset.day));
		this.$main.on("input", ".ops-find", (event) => {
			this.find = event.currentTarget.value.trim().toLowerCase();
			this.draw();
		});
		this.$body.on("click", ".ops-card", (event) => {
			if (Date.now() - this.state.dropped < 300) return;
			this.open(event.currentTarget);
		});
		this.$body.on("keydown", ".ops-card", (event) => {
			if (event.key === "Enter" || event.key === " ") {
				event.preventDefault();
				this.open(event.currentTarget);
			}
			if (event.key.toLowerCase() === "m" && !event.ctrlKey && !event.metaKey) this.open(event.currentTarget, true);
		});
		ops_delivery.dispatch.draggable(this.$body[0], () => this.state);
	}

	open(element, move = false) {
		const { board } = this.state;
		const round = board.rounds[element.dataset.key];
		if (round) return ops_delivery.dispatch.look_round(board, round, element.dataset.user);
		const card = board.visits[element.dataset.key];
		if (move && card.movable) ops_delivery.dispatch.ask(board, card, element.dataset.user);
		else ops_delivery.dispatch.look(board, card, element.dataset.user);
	}

	show() {
		this.shown = true;
		for (const doctype of ["Field Service Sheet", "Remote Support Session", "Routine Task"]) frappe.realtime.doctype_subscribe(doctype);
		frappe.realtime.on("list_update", this.told);
		this.timer = window.setInterval(() => this.refresh(), DispatchBoard.AGAIN_AFTER);
		this.load();
	}

	hide() {
		this.shown = false;
		frappe.realtime.off("list_update", this.told);
		window.clearInterval(this.timer);
	}

	/** Look again, unless that would take something out of somebody's hands. */
	refresh() {
		if (this.shown && !this.state.dragging && document.visibilityState === "visible" && !$(".modal.show").length) this.load();
	}

	go(steps) {
		const { board } = this.state;
		const one = this.days === 1;
		if (!steps) this.start = one ? frappe.datetime.get_today() : null;
		else this.start = frappe.datetime.add_days(board ? board.dates[0] : frappe.datetime.get_today(), steps * (one ? 1 : 7));
		this.load();
	}

	look_at(view, date) {
		const { board } = this.state;
		this.view = view;
		localStorage.setItem(DispatchBoard.KEPT, view);
		const inside = board && board.dates.includes(board.today) ? board.today : board && board.dates[0];
		this.start = view === "day" ? date || inside : board && moment(board.dates[0]).startOf("isoWeek").format("YYYY-MM-DD");
		this.load();
	}

	async load() {
		const asked = (this.asked = (this.asked || 0) + 1);
		const start = this.start || (this.days === 1 ? frappe.datetime.get_today() : "");
		const answer = await frappe
			.xcall("ops_delivery.api.dispatch.board", { start, days: this.days }, "GET")
			.catch((error) => console.warn(error));
		if (!answer || asked !== this.asked) return; // a later question is under way
		this.state.board = answer;
		this.draw();
	}

	draw() {
		const { board } = this.state;
		if (!board) return;
		const D = ops_delivery.dispatch;
		const has = (...texts) => texts.some((text) => (text || "").toLowerCase().includes(this.find));
		const rows = board.engineers.filter(
			(row) =>
				!this.find ||
				has(row.name, row.user, ...row.skills.map((skill) => skill.skill)) ||
				row.days.some((day) => day.visits.some((key) => has(board.visits[key].customer, board.visits[key].title))) ||
				Object.values(row.rounds).some((day) => day.some(({ key }) => has(board.rounds[key].customer, board.rounds[key].title)))
		);
		const by_person = this.find && rows.some((row) => has(row.name, row.user, ...row.skills.map((skill) => skill.skill)));
		const wanted = (card) => !this.find || by_person || has(card.customer, card.title, card.object);
		const $table = this.$body.find(".ops-scroll");
		const scrolled = [$table.scrollLeft() || 0, $table.scrollTop() || 0];
		const focused = document.activeElement?.closest?.(".ops-card")?.dataset;
		const draw = this.narrow ? D.list : this.days === 1 ? D.day : D.week;
		const queue = this.$body.find(".ops-queue")[0];
		this.$body.html(
			D.queue(board, wanted, queue ? queue.open : !this.narrow) +
				(rows.length ? draw(board, rows, wanted) : `<p class="text-muted ops-none">${this.find ? __("Nothing found.") : __("Nobody is dispatched yet: give a user the role Field Engineer, or make a Dispatch Profile.")}</p>`)
		);
		this.$body.find(".ops-scroll").scrollLeft(scrolled[0]).scrollTop(scrolled[1]);
		if (focused) {
			this.$body.find(".ops-card").filter((i, el) => el.dataset.key === focused.key && el.dataset.user === focused.user).trigger("focus");
		}
		const day = (date) => frappe.datetime.str_to_user(date);
		const last = board.dates[board.dates.length - 1];
		this.$main.find(".ops-range").text(board.dates.length === 1 ? D.weekday(last) : `${day(board.dates[0])} – ${day(last)}`);
		this.$main.find("[data-view]").each((i, el) => $(el).toggleClass("active", el.dataset.view === this.view).attr("aria-pressed", el.dataset.view === this.view));
		const zone = frappe.boot.time_zone?.user;
		this.$main.find(".ops-foot").text(
			[
				board.may_write && !this.narrow ? __("Drag a card, or choose it and press M, to plan it for another time or engineer.") : "",
				zone && zone !== board.zone ? __("All times are those of {0}.", [board.zone]) : "",
				__("As of {0}", [D.clock(board.now)]),
			]
				.filter(Boolean)
				.join(" ")
		);
	}
}
