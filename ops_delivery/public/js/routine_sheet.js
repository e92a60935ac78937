// The readings of a task as one grid that is filled in by the keyboard: a line a step, limits and last value beside, judged by the
// server as soon as a box is left. Enter and the arrow keys go from box to box.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine_sheet.js", () => {
	const { esc } = ops_delivery;
	const word = (text) => __(text, null, "Routine Reading");
	const pill = (verdict) => (verdict ? ops_delivery.pill(word(verdict), ops_delivery.colour("Routine Reading", verdict), "") : "");
	const place = (row) => `${row.service_object}/${row.step_key}`;

	const shown = (step, value) => (step.criterion === "Yes or No" && value ? __(value) : value);

	const entry = (step, object, reading, open) => {
		const value = reading?.value ?? "";
		const label = `${object.title}: ${step.step}`;
		if (!open) return esc(shown(step, value));
		const about = `class="form-control input-xs ops-reading" data-object="${esc(object.name)}" data-step="${esc(step.key)}" aria-label="${esc(label)}"`;
		if (!step.choices.length) return `<input type="text" ${about} value="${esc(value)}" inputmode="${step.criterion === "Number" ? "decimal" : "text"}">`;
		const options = ["", ...step.choices].map(
			(choice) =>
				`<option value="${esc(choice)}" ${choice === value ? "selected" : ""}>${esc(shown(step, choice))}</option>`
		);
		return `<select ${about}>${options.join("")}</select>`;
	};

	/** The last value, which leads to its course. */
	const trend = (value, object, step) =>
		`<a href="${esc(frappe.router.make_url(["object-overview", object.name, step.key]))}" title="${esc(__("Trend"))}">${esc(value)}</a>`;

	const line = (step, object, reading, last, open) => {
		const value = last && (step.criterion === "Number" ? trend(last.value, object, step) : esc(shown(step, last.value)));
		const before = last ? `${value} ${pill(last.verdict)}` : "";
		const note = open
			? `<input type="text" class="form-control input-xs ops-note" aria-label="${esc(__("Note to {0}", [step.step]))}" placeholder="${esc(word("Note"))}" value="${esc(reading?.note)}">`
			: esc(reading?.note);
		const photo = reading?.photo ? `<a href="${esc(reading.photo)}" target="_blank" rel="noopener">${word("Photo")}</a>` : "";
		const add = open ? `<button type="button" class="btn btn-xs btn-default ops-photo">${__("Add photo")}</button>` : "";
		return `<tr data-place="${esc(`${object.name}/${step.key}`)}" data-photo="${esc(reading?.photo)}">
			<td>${esc(step.step)}${step.required ? ' <span class="text-danger" aria-hidden="true">*</span>' : ""}
				${step.explanation ? `<div class="text-muted small">${esc(step.explanation)}</div>` : ""}</td>
			<td>${entry(step, object, reading, open)}</td>
			<td>${esc(step.unit)}</td>
			<td data-label="${esc(__("Normal state"))}">${esc(step.normal)}</td>
			<td data-label="${esc(__("Last value"))}">${before}</td>
			<td class="ops-verdict" aria-live="polite">${pill(reading?.verdict)}</td>
			<td>${note}</td>
			<td>${photo} ${step.photo_needed || photo ? add : ""}</td>
		</tr>`;
	};

	/** The grid of a task, to be filled in or to be read. */
	ops_delivery.routine.show_sheet = async (frm, open) => {
		const name = frm.doc.name;
		const sheet = await ops_delivery.routine.sheet_of(name);
		if (frm.doc.name !== name) return;
		const kept = open ? ops_delivery.routine.kept_rows(name) : {};
		const read = { ...Object.fromEntries(sheet.readings.map((row) => [place(row), row])), ...kept };
		const last = Object.fromEntries(sheet.last.map((row) => [place(row), row]));
		const head = [word("Step"), word("Value"), word("Unit"), __("Normal state"), __("Last value"), word("Judged"), word("Note"), word("Photo")];
		const objects = sheet.objects.map((object) => {
			let task = null;
			const rows = sheet.steps.map((step) => {
				const key = `${object.name}/${step.key}`;
				const title = step.task !== task ? `<tr><th colspan="8" class="text-muted">${esc(step.task)}</th></tr>` : "";
				task = step.task;
				return title + line(step, object, read[key], last[key], open);
			});
			const all = open && sheet.all_normal ? `<button type="button" class="btn btn-xs btn-default ops-all-normal" data-object="${esc(object.name)}">${__("All normal")}</button>` : "";
			return `<tbody><tr class="ops-object"><th colspan="6"><h5>${esc(object.title)}</h5></th><th colspan="2" class="text-right">${all}</th></tr>${rows.join("")}</tbody>`;
		});
		const abnormal = sheet.abnormal.map((part) => `<dt>${esc(part.label)}</dt><dd>${esc(part.text)}</dd>`).join("");
		const $box = frm.fields_dict.sheet.$wrapper.html(
			`${sheet.moved?.length ? `<p class="ops-problem">${__("Another customer's by now, so nothing is read of it here: {0}", [esc(sheet.moved.join(", "))])}</p>` : ""}
			${sheet.recording ? `<p class="text-muted">${esc(sheet.recording)}</p>` : ""}
			<div class="table-responsive"><table class="table table-sm ops-readings"><thead><tr>${head.map((text) => `<th>${text}</th>`).join("")}</tr></thead>${objects.join("")}</table></div>
			<p class="ops-open text-muted" aria-live="polite">${open ? still_open(sheet.open.length) : ""}</p>
			${abnormal ? `<details><summary>${__("When a state is abnormal")}</summary><dl>${abnormal}</dl></details>` : ""}`
		);
		if (!open) return;
		for (const key of Object.keys(kept)) {
			const row = $box.find(`tr[data-place="${CSS.escape(key)}"]`)[0];
			if (row) show_kept(row);
		}
		(frm.ops_refused || []).forEach((one) => show_refused($box, one));
		frm.ops_refused = null;
		bind(frm, $box);
	};

	/** Draw the form anew; what was refused stays as it was typed, with its words. */
	const reload = (frm, $box) => {
		frm.ops_refused = $box
			.find("tr.ops-refused")
			.toArray()
			.map((row) => ({ ...value_of(row), said: row.querySelector(".ops-verdict").innerHTML }));
		return frm.reload_doc();
	};

	const show_refused = ($box, { service_object, step_key, value, note, said }) => {
		const row = $box.find(`tr[data-place="${CSS.escape(`${service_object}/${step_key}`)}"]`)[0];
		if (!row) return;
		row.classList.add("ops-refused");
		const box = row.querySelector(".ops-reading");
		box.value = value;
		box.setAttribute("aria-invalid", "true");
		row.querySelector(".ops-note").value = note;
		row.querySelector(".ops-verdict").innerHTML = said;
	};

	/** A value that is on this device alone. */
	const show_kept = (row) => {
		row.classList.add("ops-kept");
		row.querySelector(".ops-verdict").innerHTML = `<span class="text-muted">${__("Kept on this device")}</span>`;
	};

	const still_open = (count) => (count ? __("Still to be recorded: {0}", [count]) : __("Everything that must be recorded is there."));

	const value_of = (row) => ({
		service_object: row.querySelector(".ops-reading").dataset.object,
		step_key: row.querySelector(".ops-reading").dataset.step,
		value: row.querySelector(".ops-reading").value,
		note: row.querySelector(".ops-note").value,
		photo: row.dataset.photo,
		label: row.querySelector(".ops-reading").getAttribute("aria-label"),
	});

	function bind(frm, $box) {
		const boxes = () => $box.find(".ops-reading").toArray();
		$box.on("change", ".ops-reading, .ops-note", (event) => {
			event.currentTarget.closest("tr").dataset.changed = "1";
			ops_delivery.routine.save(frm);
		});
		$box.on("keydown", ".ops-reading", (event) => {
			const select = event.currentTarget.tagName === "SELECT";
			const step = event.key === "Enter" || (event.key === "ArrowDown" && !select) ? 1 : event.key === "ArrowUp" && !select ? -1 : 0;
			if (!step) return;
			event.preventDefault();
			const all = boxes();
			const next = all[all.indexOf(event.currentTarget) + step];
			if (next) next.focus();
			else event.currentTarget.blur();
			next?.select?.();
		});
		$box.on("paste", ".ops-reading", (event) => paste(frm, event, boxes()));
		$box.on("click", ".ops-all-normal", (event) =>
			frappe
				.xcall("ops_delivery.api.routine.enter_all_normal", { name: frm.doc.name, service_object: event.currentTarget.dataset.object })
				.then(() => reload(frm, $box))
		);
		$box.on("click", ".ops-photo", (event) => {
			const row = event.currentTarget.closest("tr");
			new frappe.ui.FileUploader({
				doctype: frm.doctype,
				docname: frm.doc.name,
				restrictions: { allowed_file_types: ["image/*"] },
				on_success(file) {
					row.dataset.photo = file.file_url;
					row.dataset.changed = "1";
					ops_delivery.routine.save(frm).then(() => reload(frm, $box));
				},
			});
		});
	}

	/** A column that was copied from a spreadsheet goes down the boxes. */
	function paste(frm, event, all) {
		const lines = event.originalEvent.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
		if (lines.length < 2) return;
		event.preventDefault();
		const from = all.indexOf(event.currentTarget);
		lines.slice(0, all.length - from).forEach((text, index) => {
			const box = all[from + index];
			box.value = text.split("\t")[0];
			box.closest("tr").dataset.changed = "1";
		});
		ops_delivery.routine.save(frm);
	}

	let last_one = Promise.resolve(true);
	/** Send what was changed, one request after another; whether every line was kept. */
	ops_delivery.routine.save = (frm) => (last_one = last_one.catch(() => true).then(() => send(frm)));

	async function send(frm) {
		const $box = frm.fields_dict.sheet.$wrapper;
		const rows = $box.find("tr[data-changed]").toArray();
		if (!rows.length) return !$box.find("tr.ops-refused").length;
		rows.forEach((row) => delete row.dataset.changed);
		let result;
		try {
			result = await ops_delivery.routine.post_rows(frm.doc.name, rows.map(value_of));
		} catch (error) {
			rows.forEach((row) => (row.dataset.changed = "1"));
			throw error;
		}
		if (result.kept_here) {
			rows.forEach(show_kept);
			return false;
		}
		result.answers.forEach((answer, index) => {
			const row = rows[index];
			row.classList.toggle("ops-refused", !answer.ok);
			row.classList.remove("ops-kept");
			row.querySelector(".ops-reading").setAttribute("aria-invalid", String(!answer.ok));
			row.querySelector(".ops-verdict").innerHTML = answer.ok ? pill(answer.verdict) : `<span class="text-danger">${answer.message}</span>`;
		});
		$box.find(".ops-open").text(still_open(result.open));
		ops_delivery.findings.show_of_task(frm);
		if (frm.doc.status !== result.status) {
			frm.doc.status = result.status;
			frm.page.set_indicator(__(result.status, null, "Routine Task"), "blue");
		}
		return !$box.find("tr.ops-refused").length;
	}
});
