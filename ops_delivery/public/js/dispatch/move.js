// Planning a visit for another time or another engineer: by mouse, or by the dialog that says the same.
frappe.provide("ops_delivery.dispatch");

(() => {
	const D = ops_delivery.dispatch;
	const { esc } = D;
	const STEP = 15; // minutes: to what the line of time is drawn to

	/** Ask the server; what it warns of is shown before anything is saved. Resolves to whether it was moved. */
	D.move = async (card, wanted, accepted = 0) => {
		let answer;
		try {
			answer = await frappe.xcall("ops_delivery.api.dispatch.move", {
				doctype: card.doctype, name: card.name, modified: card.modified, ...wanted, accepted,
			});
		} catch (error) {
			console.warn(error);
			await D.changed();
			return false;
		}
		if (answer.moved) {
			frappe.show_alert({ message: __("{0} is planned.", [esc(card.title)]), indicator: "green" });
			D.changed();
			return true;
		}
		return warn(card, wanted, answer.warnings);
	};

	const warn = (card, wanted, warnings) =>
		new Promise((resolve) => {
			let agreed = false;
			const dialog = new frappe.ui.Dialog({
				title: __("This stands against it"),
				fields: [
					{
						fieldtype: "HTML",
						options: `<ul class="ops-warnings">${warnings
							.map((row) => `<li>${row.engineer ? `<b>${esc(row.engineer)}</b>: ` : ""}${esc(row.text)}${row.here ? "" : ` <span class="text-muted">(${__("another visit")})</span>`}</li>`)
							.join("")}</ul>`,
					},
				],
				primary_action_label: __("Plan it all the same"),
				primary_action: () => {
					agreed = true;
					dialog.hide();
				},
				secondary_action_label: __("Leave it"),
				secondary_action: () => dialog.hide(),
			});
			dialog.$wrapper.addClass("ops-dispatch-dialog");
			dialog.onhide = async () => resolve(agreed ? await D.move(card, wanted, 1) : false);
			dialog.show();
		});

	/** A card's dialog: what it is, what stands against it, and where one can go from here. */
	D.look = (board, card, user) => {
		const row = board.engineers.find((engineer) => engineer.user === user);
		const warnings = (row && row.conflicts[card.key]) || [];
		const line = (label, value) => (value ? `<div><dt>${esc(label)}</dt><dd>${esc(value)}</dd></div>` : "");
		const dialog = new frappe.ui.Dialog({
			title: esc(card.title),
			fields: [
				{
					fieldtype: "HTML",
					options: `<dl class="ops-card-facts">
						${line(__("Planned for"), card.start ? `${frappe.datetime.str_to_user(card.start.slice(0, 10))} ${D.times(card)}` : __("no time yet"))}
						${line(__("Promised"), card.promised && `${frappe.datetime.str_to_user(card.promised.slice(0, 10))} ${D.clock(card.promised)}`)}
						${line(__("Customer", null, "Ops Delivery"), card.customer)}${line(__("Service Object"), card.object)}
						${line(__("Place"), card.place)}${line(__("Phase"), card.label)}
						${line(__("Engineers"), card.engineers.map((person) => person.name).join(", ") || __("nobody yet"))}
						${line(__("Needed skills"), card.needs.map((need) => `${need.skill} (${board.levels[need.level - 1]})`).join(", "))}</dl>
						${warnings.length ? `<ul class="ops-warnings">${warnings.map((item) => `<li>${esc(item.text)}</li>`).join("")}</ul>` : ""}`,
				},
			],
			primary_action_label: card.movable ? __("Move to…") : __("Open it"),
			primary_action: () => {
				dialog.hide();
				if (card.movable) D.ask(board, card, user);
				else D.open(card);
			},
			...(card.movable ? { secondary_action_label: __("Open it"), secondary_action: () => (dialog.hide(), D.open(card)) } : {}),
		});
		dialog.$wrapper.addClass("ops-dispatch-dialog");
		dialog.show();
	};

	/** A round's dialog: what it is, what stands against it, and who does it on which day. */
	D.look_round = (board, card, user) => {
		const row = board.engineers.find((engineer) => engineer.user === user);
		const warnings = (row && row.rounds[card.day]?.find((one) => one.key === card.key)?.warnings) || [];
		const may = card.open && board.may_give;
		const people = board.engineers.map((one) => ({ value: one.user, label: one.name }));
		const given_to = people.some((one) => one.value === card.user) || !card.user ? card.user : "";
		const dialog = ops_delivery.ask({
			title: esc(card.title),
			intro: `${esc([card.customer, card.kind, card.label].join(" · "))}${card.due ? ` · ${__("To be done by {0}", [frappe.datetime.str_to_user(card.due)])}` : ""}${
				warnings.length ? `<ul class="ops-warnings">${warnings.map((text) => `<li>${esc(text)}</li>`).join("")}</ul>` : ""
			}`,
			fields: may
				? [
						{ fieldname: "user", fieldtype: "Select", label: __("Engineer"), options: [{ value: "", label: card.user ? "" : card.who || __("nobody yet") }, ...people], default: given_to },
						{ fieldname: "day", fieldtype: "Date", label: __("Date"), default: card.day, reqd: 1, read_only: card.status === "Planned" ? 0 : 1 },
				  ]
				: [],
			label: may ? __("Move", null, "Ops Delivery") : __("Open it"),
			action: (given) =>
				may
					? frappe.xcall("ops_delivery.api.routine.give", {
							name: card.name,
							modified: (D.latest_round(card.key) || card).modified,
							engineer: given.user || "",
							day: given.day || "",
					  })
					: D.open(card),
			done: () => may && D.changed(),
		});
		if (may) {
			dialog.set_secondary_action_label(__("Open it"));
			dialog.set_secondary_action(() => (dialog.hide(), D.open(card)));
		}
		dialog.$wrapper.addClass("ops-dispatch-dialog");
	};

	D.open = (card) => frappe.set_route("Form", card.doctype, card.name);

	/** "Move to…": the same as a drag, for the keyboard and for a thumb. */
	D.ask = (board, card, user) => {
		const from = user || card.owner || (card.engineers[0] || {}).user || "";
		const begin = card.planned_start || D.proposal(board, card);
		const people = board.engineers.map((row) => ({ value: row.user, label: row.name }));
		const length = card.planned_start && card.planned_end ? moment(card.planned_end).diff(moment(card.planned_start), "minutes") : "";
		const dialog = ops_delivery.ask({
			title: __("Move {0}", [esc(card.title)]),
			fields: [
				{ fieldname: "engineer", fieldtype: "Select", label: __("Engineer"), options: [{ value: "", label: __("nobody yet") }, ...people].filter((row) => row.value || !from), default: from },
				{ fieldname: "date", fieldtype: "Date", label: __("Date"), default: begin.slice(0, 10), description: __("Blank: not planned") },
				{ fieldname: "time", fieldtype: "Data", label: __("Planned from"), default: D.clock(begin) },
				{ fieldname: "minutes", fieldtype: "Int", label: __("Duration (minutes)"), default: length },
			],
			label: __("Move", null, "Ops Delivery"),
			// as the board knows it now: what somebody else did meanwhile was said, and is seen behind the dialog
			action: (given) =>
				D.move(D.latest(card.key) || card, {
					start: given.date ? `${given.date} ${given.time || "09:00"}` : "",
					engineer: given.engineer || "",
					instead_of: from,
					minutes: given.date && Number(given.minutes) !== Number(length) ? given.minutes || 0 : 0,
				}),
		});
		dialog.fields_dict.time.$input.attr("type", "time"); // the device's own, for a thumb
		dialog.$wrapper.addClass("ops-dispatch-dialog");
	};

	/** A time for a card that has none: as promised, or the first day shown that is not over, at nine. */
	D.proposal = (board, card) => card.promised || `${board.dates.find((date) => date >= board.today) || board.dates[0]} 09:00`;

	/** What dropping a card at a place means; null where it means nothing. */
	const meaning = (card, user, place, event, grabbed) => {
		const from = user || card.owner || (card.engineers[0] || {}).user || "";
		if (place.dataset.drop === "queue") return card.planned_start ? { start: "", engineer: "", instead_of: "" } : null;
		let time = card.planned_start ? D.clock(card.planned_start) : "";
		if (!time && card.promised && card.promised.slice(0, 10) === place.dataset.date) time = D.clock(card.promised);
		if (!time) time = place.dataset.from || "09:00";
		if (place.dataset.drop === "time") {
			const box = place.getBoundingClientRect();
			const [begin, end] = [Number(place.dataset.begin), Number(place.dataset.end)];
			const share = (event.clientX - grabbed - box.left) / box.width;
			const minute = Math.min(end - STEP, Math.max(begin, Math.round((begin + share * (end - begin)) / STEP) * STEP));
			time = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
		}
		const start = `${place.dataset.date} ${time}`;
		const engineer = place.dataset.user;
		if (start === card.planned_start && engineer === from && card.engineers.length) return null;
		return { start, engineer, instead_of: from };
	};

	/** Near an edge of the table, and of the window, what lies beyond comes closer. */
	const scroll = (table, event) => {
		const box = table?.getBoundingClientRect();
		if (box && event.clientY > box.top) {
			if (event.clientY < box.top + 70) table.scrollTop -= 12;
			if (event.clientY > box.bottom - 30) table.scrollTop += 12;
			if (event.clientX < box.left + 190) table.scrollLeft -= 12;
			if (event.clientX > box.right - 30) table.scrollLeft += 12;
		}
		if (event.clientY < 60) window.scrollBy(0, -12);
		if (event.clientY > window.innerHeight - 20) window.scrollBy(0, 12);
	};

	/** Dragging with the mouse. A finger scrolls: for it there is the card's dialog. */
	D.draggable = (root, get) => {
		root.addEventListener("pointerdown", (down) => {
			const element = down.target.closest(".ops-movable");
			if (!element || down.button || down.pointerType === "touch") return;
			const { board } = get();
			const card = board.visits[element.dataset.key];
			const box = element.getBoundingClientRect();
			const grabbed = down.clientX - box.left;
			let ghost = null;
			let place = null;
			const lift = () => {
				ghost = element.cloneNode(true);
				ghost.classList.add("ops-ghost");
				ghost.style.cssText = `width:${Math.min(box.width, 260)}px`;
				document.body.append(ghost);
				element.classList.add("ops-lifted");
				get().dragging = true;
			};
			const moved = (event) => {
				if (!ghost && Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < 6) return;
				if (!ghost) lift();
				event.preventDefault();
				ghost.style.transform = `translate(${event.clientX - Math.min(grabbed, 130)}px, ${event.clientY - 12}px)`;
				const under = document.elementFromPoint(event.clientX, event.clientY)?.closest("[data-drop]");
				if (under !== place) {
					place?.classList.remove("ops-over");
					place = under && root.contains(under) ? under : null;
					place?.classList.add("ops-over");
				}
				scroll(root.querySelector(".ops-scroll"), event);
			};
			const end = () => {
				document.removeEventListener("pointermove", moved);
				document.removeEventListener("pointerup", dropped);
				document.removeEventListener("keydown", given_up, true);
				ghost?.remove();
				element.classList.remove("ops-lifted");
				place?.classList.remove("ops-over");
				get().dragging = false;
			};
			const dropped = (event) => {
				const wanted = ghost && place ? meaning(card, element.dataset.user, place, event, grabbed) : null;
				if (ghost) get().dropped = Date.now(); // the click that follows opens nothing
				end();
				if (wanted) D.move(card, wanted);
			};
			const given_up = (event) => {
				if (event.key !== "Escape") return;
				event.stopPropagation();
				end();
			};
			document.addEventListener("pointermove", moved);
			document.addEventListener("pointerup", dropped);
			document.addEventListener("keydown", given_up, true);
		});
	};
})();
