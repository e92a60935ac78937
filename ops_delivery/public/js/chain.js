// The map of related records: where a record came from and what it led to (6.2.d, 6.3.i, 6.4.g, 6.5.f).
frappe.provide("ops_delivery");

(() => {
	const FORMS = {
		// the forms that show the map: whether a matter can be handed over from them by our button
		Issue: false,
		Task: true,
		Project: true,
		"Service Handover": false,
		"Service Leftover": true,
		"Delivery Plan": true,
		"Delivery Activity": true,
		"Optimization Plan": true,
		"Consulting Plan": true,
		"Consulting Report": true,
		"Consulting Recommendation": true,
		"Routine Finding": true,
	};
	const SVG = "http://www.w3.org/2000/svg";
	const { esc } = ops_delivery;
	let markers = 0;

	class Chain {
		/** `wrapper`: an element; `map`: what api.chain.related answers. */
		constructor(wrapper, map) {
			this.map = map;
			this.box = document.createElement("div");
			this.box.className = "ops-chain";
			this.box.tabIndex = -1;
			wrapper.replaceChildren(this.box);
			this.render();
			this.centre();
			this.observer = new ResizeObserver(() => this.draw());
			this.observer.observe(this.box);
			this.box.addEventListener("keydown", (event) => this.move(event));
		}

		render() {
			const by_rank = new Map();
			for (const node of this.map.nodes) {
				if (!by_rank.has(node.rank)) by_rank.set(node.rank, []);
				by_rank.get(node.rank).push(node);
			}
			this.box.innerHTML = `<svg class="ops-chain-lines" aria-hidden="true"></svg>
				<div class="ops-chain-columns" role="list">${[...by_rank]
					.sort(([a], [b]) => a - b)
					.map(
						([rank, nodes]) => `<div class="ops-chain-column" role="presentation" data-rank="${rank}">
							${nodes.map((node) => `<div role="listitem">${this.card(node)}</div>`).join("")}</div>`
					)
					.join("")}</div>
				${this.map.cut ? `<p class="text-muted">${__("There is more than this map can show. Open a record at its edge to go on.")}</p>` : ""}`;
			this.draw();
		}

		card(node) {
			const type = `<span class="ops-chain-type">${esc(node.type)}</span>`;
			if (!node.readable) {
				return `<span class="ops-chain-node ops-chain-closed" data-id="${node.id}" tabindex="0"
					aria-label="${esc(this.said(node))}">${type}<span>${__("Not open to you")}</span></span>`;
			}
			const small = node.doctype === "Service Handover" && !node.here ? " ops-chain-small" : "";
			const look = `${node.late ? "late" : node.tone}${small}`;
			const state = node.late ? __("{0}, overdue", [node.state]) : node.state;
			const inside = `${type}${small ? "" : `<b>${esc(node.title || node.name)}</b>`}
				<span class="ops-chain-foot"><span>${esc(node.name)}</span>${
				node.state ? `<span class="ops-chain-state">${esc(state)}</span>` : ""
			}</span>`;
			const label = `data-id="${node.id}" aria-label="${esc(this.said(node))}"`;
			return node.here
				? `<span class="ops-chain-node ops-chain-${look}" ${label} aria-current="true" tabindex="0">${inside}</span>`
				: `<a class="ops-chain-node ops-chain-${look}" ${label}
					href="${esc(frappe.utils.get_form_link(node.doctype, node.name))}">${inside}</a>`;
		}

		/** Scroll within the map, not the page, so that its own record is in the middle. */
		centre() {
			const here = this.box.querySelector("[aria-current]");
			if (!here) return;
			const [frame, own] = [this.box.getBoundingClientRect(), here.getBoundingClientRect()];
			this.box.scrollLeft += own.left + own.width / 2 - frame.left - frame.width / 2;
			this.box.scrollTop += own.top + own.height / 2 - frame.top - frame.height / 2;
		}

		/** A record in words, with what it came from and leads to: the lines, for who does not see them. */
		said(node) {
			const short = (id) => {
				const other = this.map.nodes[id];
				return other.readable ? `${other.type} ${other.name}` : other.type;
			};
			const from = this.map.edges.filter(([, later]) => later === node.id).map(([id]) => short(id));
			const to = this.map.edges.filter(([earlier]) => earlier === node.id).map(([, id]) => short(id));
			return [
				node.readable ? `${short(node.id)}: ${node.title || ""}` : `${node.type}: ${__("Not open to you")}`,
				node.here ? __("This record") : "",
				node.state || "",
				node.late ? __("overdue") : "",
				from.length ? __("came from {0}", [from.join(", ")]) : "",
				to.length ? __("led to {0}", [to.join(", ")]) : "",
			]
				.filter(Boolean)
				.join("; ");
		}

		get upright() {
			const columns = this.box.querySelector(".ops-chain-columns");
			return getComputedStyle(columns).flexDirection === "column";
		}

		draw() {
			const svg = this.box.querySelector("svg");
			const columns = this.box.querySelector(".ops-chain-columns");
			if (!svg || !columns.offsetWidth) return;
			const upright = this.upright;
			const frame = columns.getBoundingClientRect();
			const arrow = `ops-arrow-${++markers}`;
			svg.setAttribute("width", columns.scrollWidth);
			svg.setAttribute("height", columns.scrollHeight);
			svg.innerHTML = `<defs><marker id="${arrow}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7"
				markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>`;
			for (const [earlier, later] of this.map.edges) {
				const [a, b] = [earlier, later].map((id) =>
					this.box.querySelector(`[data-id="${id}"]`).getBoundingClientRect()
				);
				const path = document.createElementNS(SVG, "path");
				path.setAttribute("d", this.path(a, b, frame, upright));
				path.setAttribute("marker-end", `url(#${arrow})`);
				svg.append(path);
			}
		}

		path(a, b, frame, upright) {
			if (upright) {
				// down the left edge, past whatever lies between
				const x = (box) => box.left - frame.left + 14;
				const [y1, y2] = [a.bottom - frame.top, b.top - frame.top];
				if (y2 - y1 < 40) return `M${x(a)} ${y1} L${x(b)} ${y2}`;
				const out = x(a) - 22;
				const [m1, m2] = [a.top + a.height / 2 - frame.top, b.top + b.height / 2 - frame.top];
				return `M${a.left - frame.left} ${m1} C${out} ${m1} ${out} ${m1} ${out} ${m1 + 12} L${out} ${m2 - 12} C${out} ${m2} ${out} ${m2} ${b.left - frame.left} ${m2}`;
			}
			const forward = b.left >= a.right;
			const x1 = (forward ? a.right : a.left) - frame.left;
			const x2 = (forward ? b.left : b.right) - frame.left;
			const [y1, y2] = [a, b].map((box) => box.top + box.height / 2 - frame.top);
			const bend = (x2 - x1) / 2;
			return `M${x1} ${y1} C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
		}

		/** Arrow keys: along the lines from record to record, and up and down among those at the same distance. */
		move(event) {
			const now = event.target.closest("[data-id]");
			const keys = this.upright
				? { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 }
				: { ArrowRight: 1, ArrowLeft: -1 };
			if (!now) return;
			let next;
			if (event.key in keys) {
				const id = Number(now.dataset.id);
				const forward = keys[event.key] > 0;
				const edge = this.map.edges.find((pair) => pair[forward ? 0 : 1] === id);
				next = edge && this.box.querySelector(`[data-id="${edge[forward ? 1 : 0]}"]`);
			} else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
				const column = [...now.closest(".ops-chain-column").querySelectorAll("[data-id]")];
				next = column[column.indexOf(now) + (event.key === "ArrowDown" ? 1 : -1)];
			} else if (event.key === "Home") next = this.box.querySelector("[aria-current]");
			if (!next) return;
			event.preventDefault();
			next.focus();
			next.scrollIntoView({ block: "nearest", inline: "nearest" });
		}
	}

	const load = (frm) =>
		ops_delivery.load("ops_delivery.api.chain.related", { doctype: frm.doctype, name: frm.doc.name }, "GET");

	/** The map as a section at the top of the form; a record without relations has none. */
	ops_delivery.show_chain = async (frm) => {
		if (frm.is_new() || !frm.dashboard) return;
		const name = frm.doc.name;
		const map = await load(frm);
		if (frm.doc.name !== name) return;
		frm.ops_chain_section?.remove();
		frm.ops_chain_section = null;
		if (map.nodes.length < 2) return;
		const $body = frm.dashboard.add_section(
			'<div class="ops-chain-holder"></div>',
			__("Related Records"),
			"custom ops-chain-section"
		);
		frm.ops_chain_section = $body.closest(".form-dashboard-section");
		frm.dashboard.show();
		const chain = new Chain($body.find(".ops-chain-holder")[0], map);
		frm.ops_chain_section.find(".section-head").on("click", () => setTimeout(() => (chain.draw(), chain.centre()), 50));
	};

	/** The same in a dialog, from the form's menu; it says so where there is nothing yet. */
	ops_delivery.chain_dialog = async (frm) => {
		const map = await load(frm);
		const dialog = new frappe.ui.Dialog({
			title: __("Related Records"),
			size: "extra-large",
			fields: [{ fieldname: "map", fieldtype: "HTML" }],
		});
		dialog.show();
		const holder = dialog.fields_dict.map.$wrapper[0];
		if (map.nodes.length > 1) {
			const chain = new Chain(holder, map);
			dialog.$wrapper.on("shown.bs.modal", () => (chain.draw(), chain.centre()));
			return;
		}
		holder.innerHTML = `<p class="text-muted">${__(
			"Nothing is connected with this record yet. Use {0} to open the next one from it: the map then shows both.",
			[`<b>${__("Hand over")}</b>`]
		)}</p>`;
	};

	for (const [doctype, can_hand_over] of Object.entries(FORMS)) {
		frappe.ui.form.on(doctype, {
			refresh(frm) {
				if (frm.is_new()) return;
				if (can_hand_over) ops_delivery.hand_over_button(frm);
				frm.page.add_menu_item(__("Related Records"), () => ops_delivery.chain_dialog(frm));
				ops_delivery.show_chain(frm);
			},
		});
	}
})();
