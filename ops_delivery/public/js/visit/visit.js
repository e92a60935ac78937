// The form of a Field Service Sheet and of a Remote Support Session: its panel and what its taps do.
ops_delivery.once("visit/visit.js", () => {
	const V = ops_delivery.visit;

	/** Do one step: typed changes are saved first, so that nothing is lost or overwritten. */
	V.act = async (frm, method, args = {}) => {
		if (frm.is_dirty()) await frm.save();
		const result = await V.tell(method, { doctype: frm.doctype, name: frm.doc.name, ...args });
		if (result.sent) await V.reload(frm);
		else V.draw(frm);
		return result.message;
	};

	V.reload = async (frm) => {
		await V.released();
		if (!frm.is_dirty()) await frm.reload_doc();
	};

	V.draw = async (frm) => {
		const $box = frm.fields_dict.visit_html.$wrapper;
		if (frm.is_new()) return void $box.empty();
		const name = frm.doc.name;
		let facts = frm.ops_facts;
		try {
			facts = await V.look("situation", { doctype: frm.doctype, name });
			V.keep_facts(name, facts);
		} catch (error) {
			console.warn(error);
			if (!facts || facts.name !== name) facts = V.kept_facts(name);
			if (!facts) return;
		}
		await V.released();
		if (frm.doc.name !== name) return;
		facts.name = name;
		frm.ops_facts = facts;
		await V.photos.ready;
		V.shown = frm;
		const open = $box.find("details[open]").map((i, el) => $(el).index()).get();
		const typed = document.activeElement?.closest?.("[data-row]")?.dataset.row;
		$box.html(V.render(frm, V.as_answered(facts, name)));
		$box.prepend(V.draft_bar(frm, V.restore_rows(frm, $box)));
		show_drafts(frm, $box);
		bind(frm, facts, $box);
		if (open.length) $box.find("details").filter((i, el) => open.includes($(el).index())).attr("open", "");
		if (typed) $box.find(`[data-row="${CSS.escape(typed)}"] [data-text]`).trigger("focus");
	};

	/** Once a visit is opened: newer Frappe comes back to the tab one left, and what was kept stands on the first. */
	function show_drafts(frm, $box) {
		if (frm.ops_drafts_of === frm.doc.name) return;
		frm.ops_drafts_of = frm.doc.name;
		if ($box.find("[data-drafts]").length) (frm.layout.tabs || [])[0]?.set_active();
	}

	function bind(frm, facts, $box) {
		$box.off("click").on("click", "[data-do]", async (event) => {
			const target = event.currentTarget;
			const { do: action, item } = target.dataset;
			if (target.disabled) return;
			target.disabled = true; // a second tap is no second step
			try {
				await run(frm, facts, action, item);
			} catch (error) {
				console.warn(error);
			} finally {
				target.disabled = false;
			}
		});
		$box.off("click.answer").on("click.answer", "[data-answer]", (event) => {
			const $row = $(event.currentTarget).closest("[data-row]");
			const value = event.currentTarget.dataset.answer;
			$row.find("[data-answer]").attr("aria-pressed", "false");
			$(event.currentTarget).attr("aria-pressed", "true");
			const needs = value !== "Yes";
			$row.find("[data-remark]").prop("hidden", !needs);
			answer(frm, $row, { answer: value });
		});
		$box.off("input").on("input", "[data-text], [data-remark]", (event) => {
			const kind = "text" in event.currentTarget.dataset ? "text" : "remark";
			V.keep_draft(frm, "rows", `${$(event.currentTarget).closest("[data-row]").data("row")}:${kind}`, event.currentTarget.value);
		});
		$box.off("click.drafts").on("click.drafts", "[data-drafts]", (event) =>
			V.use_drafts(frm, event.currentTarget.dataset.drafts === "take", (row, values) => V.act(frm, "answer", { row, ...values }))
		);
		$box.off("change").on("change", "[data-text]", (event) => {
			answer(frm, $(event.currentTarget).closest("[data-row]"), { answer: event.currentTarget.value });
		});
		$box.on("change", "[data-remark]", (event) => {
			answer(frm, $(event.currentTarget).closest("[data-row]"), { remark: event.currentTarget.value });
		});
		$box.on("change", "[data-photo]", async (event) => {
			const file = event.currentTarget.files[0];
			if (!file) return;
			const row = $(event.currentTarget).closest("[data-row]").data("row");
			try {
				if (frm.is_dirty() && navigator.onLine) await frm.save();
				await V.photos.take(frm, row, file);
			} catch (error) {
				console.warn(error);
			}
		});
	}

	const answer = (frm, $row, values) => {
		const row = $row.data("row");
		const kept = V.drafts(frm, "rows");
		const given = { text: values.answer, remark: values.remark };
		// told, or in the outbox: from here on it is no draft any more
		for (const kind of ["text", "remark"]) if (kept[`${row}:${kind}`] === given[kind]) V.drop_draft(frm, "rows", `${row}:${kind}`);
		return V.act(frm, "answer", { row, ...values }).catch((error) => {
			console.warn(error);
			if (values.answer !== undefined && $row.find("[data-text]").length) V.keep_draft(frm, "rows", `${row}:text`, values.answer);
			if (values.remark) V.keep_draft(frm, "rows", `${row}:remark`, values.remark);
			V.draw(frm);
		});
	};

	const DIRECT = [
		"prepare", "prepare_again", "depart", "back_to_work", "follow_up", "make_timesheets", "issue_parts",
	];

	async function run(frm, facts, action, item) {
		if (action === "flush") {
			await V.flush();
			await V.photos.send();
			return V.reload(frm).then(() => V.draw(frm));
		}
		if (action === "photo_again") return V.photos.again(item).then((sent) => (sent ? V.reload(frm) : V.draw(frm)));
		if (action === "photo_forget") {
			return frappe.confirm(__("Remove this photo from the device? It is nowhere else."), () =>
				V.photos.forget(item).then(() => V.draw(frm))
			);
		}
		if (action === "arrive") return V.act(frm, "arrive", await here());
		if (action === "start_item") return V.act(frm, "start_item", { item });
		if (action === "wish") return V.dialogs.ask_superior(frm, facts);
		if (action === "leave" && frm.doc.leave_permitted_on) return V.act(frm, "leave");
		if (DIRECT.includes(action)) return V.act(frm, action);
		if (frm.is_dirty()) await frm.save();
		return V.dialogs[action](frm, frm.ops_facts, { item });
	}

	/** The device's time and, where it gives it quickly, its position. Neither is ever waited for long. */
	const here = () =>
		new Promise((resolve) => {
			const told = { device_time: new Date().toISOString() };
			const done = (more = {}) => resolve({ ...told, ...more });
			if (!navigator.geolocation || !window.isSecureContext) return done();
			const timer = window.setTimeout(done, 4000);
			navigator.geolocation.getCurrentPosition(
				({ coords }) => {
					window.clearTimeout(timer);
					done({ latitude: coords.latitude, longitude: coords.longitude, accuracy: coords.accuracy });
				},
				() => {
					window.clearTimeout(timer);
					done();
				},
				{ timeout: 3500, maximumAge: 60000, enableHighAccuracy: false }
			);
		});

	function plan_fields(frm) {
		const prepared = frm.doc.status !== "Planned" && !frm.is_new();
		const set = (names, on) => names.forEach((name) => frm.fields_dict[name] && frm.set_df_property(name, "read_only", on ? 1 : 0));
		set(["customer", "service_object", "risk", "risk_note", "contingency_plan"], prepared);
		set(["work_content"], Boolean(frm.doc.work_confirmed_on));
		const grid = frm.fields_dict.answers.grid;
		grid.cannot_add_rows = true;
		grid.df.cannot_delete_rows = true;
		grid.df.read_only = 1;
		const items = frm.fields_dict.work_items.grid;
		items.cannot_add_rows = Boolean(frm.doc.work_confirmed_on);
		items.df.cannot_delete_rows = Boolean(frm.doc.work_confirmed_on);
		if (["Left", "Ended", "Followed Up", "Cancelled"].includes(frm.doc.status)) {
			set(["title", "outcome", "outcome_note", "cause", "customer_rating", "customer_remarks", "work_items", "parts"], true);
		}
		frm.refresh_fields(["answers", "work_items"]);
	}

	/** The tab of the stages is empty until there is a visit: a new one opens with its plan. */
	function show_stages(frm) {
		frm.toggle_display("visit_html", !frm.is_new());
		if (!frm.is_new()) return;
		const plan = (frm.layout.tabs || []).find((tab) => tab.df.fieldname === "tab_plan");
		plan?.set_active();
	}

	const events = {
		setup(frm) {
			frm.set_query("service_object", () => ops_delivery.of_customer(frm.doc.customer, { enabled: 1 }));
			frm.set_query("agreement", () => ops_delivery.of_customer(frm.doc.customer, { docstatus: 1 }));
			frm.set_query("reference_name", () =>
				ops_delivery.of_type_and_customer(frm.doc.reference_doctype, frm.doc.customer)
			);
			const staff = () => ({ filters: { user_type: "System User", enabled: 1 } });
			frm.set_query("owner_user", staff);
			frm.set_query("user", "engineers", staff);
			if (!frm.fields_dict.parts) return;
			const of_row = (fieldname) => (doc, cdt, cdn) => ({ filters: { [fieldname]: locals[cdt][cdn].item_code || "" } });
			frm.set_query("item_code", "parts", () => ops_delivery.of_type_and_customer("Item", frm.doc.customer));
			frm.set_query("batch_no", "parts", of_row("item"));
			frm.set_query("warehouse", "parts", () => ({
				filters: {
					company: frm.doc.company || "",
					is_group: 0,
					disabled: 0,
					// ERPNext 16 has warehouses that hold a customer's goods
					...(frappe.boot.ops_delivery.customers_warehouses ? { customer: ["in", ["", frm.doc.customer || ""]] } : {}),
				},
			}));
		},
		refresh(frm) {
			if (!frm.is_new()) {
				frm.page.set_indicator(__(frm.doc.status, null, frm.doctype), ops_delivery.colour(frm.doctype, frm.doc.status));
			} else if (!frm.doc.owner_user && frappe.user.has_role(["Field Engineer", "Technical Expert"])) {
				// whoever only plans goes nowhere
				frm.doc.owner_user = frappe.session.user;
				frm.refresh_field("owner_user");
			}
			show_stages(frm);
			plan_fields(frm);
			V.watch_form(frm);
			V.draw(frm);
		},
		after_save: (frm) => V.form_saved(frm),
	};
	/** Who moves the start means the visit, not its length, as on the board: the end goes along until it is typed. */
	const planned = (frm) => (frm.ops_planned = [frm.doc.planned_start, frm.doc.planned_end]);
	const span = {
		refresh: planned,
		planned_end: planned,
		async planned_start(frm) {
			const [start, end] = frm.ops_planned || [];
			const lasts = start && end ? moment(end).diff(moment(start)) : 0;
			if (lasts > 0 && frm.doc.planned_start && frm.doc.planned_end === end) {
				await frm.set_value("planned_end", moment(frm.doc.planned_start).add(lasts).format("YYYY-MM-DD HH:mm:ss"));
			}
			planned(frm);
		},
	};

	frappe.ui.form.on("Field Service Sheet", span);
	frappe.ui.form.on("Remote Support Session", span);
	frappe.ui.form.on("Field Service Sheet", events);
	frappe.ui.form.on("Remote Support Session", events);
});
