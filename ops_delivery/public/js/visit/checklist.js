// A stage's checklist on the panel of a visit: its points, and how each is answered on the way.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/checklist.js", () => {
	const V = ops_delivery.visit;
	const { esc, muted, card } = V;

	V.checklist = (stage, facts) => {
		if (!stage.points.length) return "";
		const done = stage.points.filter((point) => point.done).length;
		const title = `${stage.label} · ${done} / ${stage.points.length}`;
		const rows = stage.points.map((point) => point_line(point, stage.now && facts.may_write, facts.name)).join("");
		const list = `<ul class="ops-visit-list ops-points">${rows}</ul>`;
		if (stage.now && !stage.folded) return card(title, list);
		return `<details class="ops-visit-card"><summary><h5>${esc(title)}</h5></summary>${list}</details>`;
	};

	function point_line(point, open, name) {
		const look = point.done ? "ops-done" : point.outside || point.answer === "No" ? "ops-bad" : "";
		const head = `<div class="ops-visit-line"><span>${esc(point.question)}${
			point.required ? "" : ` <span class="text-muted">(${__("optional")})</span>`
		}</span>${point.done ? '<span class="ops-tick" aria-label="✓">✓</span>' : ""}</div>${muted(point.hint)}`;
		return `<li class="${look}" data-row="${esc(point.name)}">${head}${open ? controls(point) : given(point)}${V.photos.line(
			name,
			point.name
		)}</li>`;
	}

	const given = (point) => {
		const said = point.type === "Yes/No" ? __(point.answer) : [point.answer, point.unit].filter(Boolean).join(" ");
		const photo = point.photo ? `<img src="${esc(point.photo)}" alt="${__("Photo")}" loading="lazy">` : "";
		return `${said || point.remark ? `<div class="ops-pre">${esc([said, point.remark].filter(Boolean).join(" · "))}</div>` : ""}${photo}`;
	};

	function controls(point) {
		const remark = `<textarea class="form-control" data-remark rows="1" maxlength="2000" placeholder="${__("Remark")}"
			aria-label="${__("Remark")}" ${remark_needed(point) || point.remark ? "" : "hidden"}>${esc(point.remark)}</textarea>`;
		if (point.type === "Yes/No") {
			const choice = (value) =>
				`<button type="button" class="btn ops-choice" data-answer="${value}" aria-pressed="${point.answer === value}">${__(value)}</button>`;
			return `<div class="ops-choices" role="group">${["Yes", "No", "Not Applicable"].map(choice).join("")}</div>${remark}${
				remark_needed(point) && !point.remark ? muted(__("Say why, so that the point is settled.")) : ""
			}`;
		}
		if (point.type === "Reading") {
			const limits = [point.minimum && `≥ ${point.minimum}`, point.maximum && `≤ ${point.maximum}`].filter(Boolean).join(", ");
			return `<div class="ops-reading"><input class="form-control" data-text inputmode="decimal" value="${esc(point.answer)}"
				aria-label="${esc(point.question)}"><span>${esc(point.unit)} ${esc(limits)}</span></div>${remark}`;
		}
		if (point.type === "Photo") {
			return `${point.photo ? `<img src="${esc(point.photo)}" alt="${__("Photo")}" loading="lazy">` : ""}
				<label class="btn btn-default ops-tap">${point.photo ? __("Another photo") : __("Take a photo")}
				<input type="file" accept="image/*" capture="environment" data-photo hidden></label>`;
		}
		return `<textarea class="form-control" data-text rows="2" maxlength="5000" aria-label="${esc(point.question)}">${esc(point.answer)}</textarea>`;
	}

	const remark_needed = (point) => point.answer === "Not Applicable" || point.answer === "No" || point.outside;
});
