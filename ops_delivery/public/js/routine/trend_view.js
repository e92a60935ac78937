// The trend of one value of one object: drawing, forecast, advice, findings, and the table that says the same.
frappe.provide("ops_delivery.routine");

ops_delivery.once("routine/trend_view.js", () => {
	const R = ops_delivery.routine;
	const NARROW = 768;
	const SPANS = () => [[30, __("30 days")], [90, __("90 days")], [365, __("1 year")], [730, __("2 years")], [0, __("All there is")]];
	const BUCKETS = () => [["", __("As fits")], ["all", __("Each reading")], ["day", __("Day")], ["week", __("Week")], ["month", __("Month", null, "Ops Delivery")]];

	R.TrendView = class TrendView {
		constructor(overview) {
			this.overview = overview;
			this.days = 365;
			this.bucket = "";
		}

		async show(name, key) {
			const turn = (this.turn = (this.turn || 0) + 1);
			const asked = { service_object: name, step_key: key, days: this.days, bucket: this.bucket, narrow: Number(window.innerWidth < NARROW) };
			const trend = await ops_delivery.load("ops_delivery.api.object_states.trend", asked, "GET");
			if (turn !== this.turn) return;
			const focused = document.activeElement?.dataset?.choice;
			const $main = this.overview.draw(`${name}/${key}`, `${trend.step} · ${trend.title}`, this.html(trend));
			if (!$main) return;
			$main.find(`[data-choice="${focused}"]`).trigger("focus");
			$main.off("change.trend").on("change.trend", "[data-choice]", (event) => {
				const { choice } = event.currentTarget.dataset;
				const { value } = event.currentTarget;
				if (choice === "metric") return frappe.set_route("object-overview", name, value);
				this[choice] = choice === "days" ? Number(value) : value;
				this.show(name, key);
			});
			if (frappe.model.can_print("Service Object"))
				this.overview.page.set_primary_action(__("Print trend"), () =>
					open_url_post("/api/method/ops_delivery.api.printing.object_trend", { service_object: name, step_key: key, days: this.days, bucket: this.bucket }, true)
				);
		}

		html(trend) {
			const select = (choice, label, options, chosen) =>
				`<label>${label}<select class="form-control input-xs" data-choice="${choice}">${options
					.map(([value, text]) => `<option value="${R.esc(value)}" ${String(value) === String(chosen) ? "selected" : ""}>${R.esc(text)}</option>`)
					.join("")}</select></label>`;
			const lines = (texts) => (texts.length ? `<ul>${texts.map((text) => `<li>${R.esc(text)}</li>`).join("")}</ul>` : "");
			const metric = (row) => [row.key, row.unit ? `${row.step} (${row.unit})` : row.step];
			const finding = (row) => `<tr><td>${row.task ? R.link(row.on, "routine-task", row.task) : R.esc(row.on)}</td>
				<td data-label="${__("Value", null, "Routine Reading")}">${R.esc(row.value)} ${R.esc(trend.unit)}</td><td>${R.state_pill(row.verdict)}</td><td>${R.esc(row.note)}</td></tr>`;
			const number = (place) => (place && trend.columns.length > 3 ? ' class="num"' : "");
			return `<div class="ops-trend-choices">
				${trend.metrics.length > 1 ? select("metric", __("Metric", null, "Ops Delivery"), trend.metrics.map(metric), trend.key) : ""}
				${select("days", __("Span"), SPANS(), this.days)}
				${select("bucket", __("Shown by"), BUCKETS(), this.bucket)}</div>
				<p class="text-muted" role="status"><b>${R.esc(trend.step)}</b> · ${R.esc(trend.title)} · ${R.esc(trend.span)} · ${__("{0} readings", [trend.count])} · ${R.esc(trend.zone)}
				${trend.coarser ? `<br>${__("These are too many to be shown one by one, so they are taken together.")}` : ""}</p>
				${trend.svg ? `<div class="ops-trend-chart">${trend.svg}</div>${this.legend(trend)}` : `<p>${__("Nothing was read in this span.")}</p>`}
				<div class="ops-columns">
				<section><h4>${__("Limits")}</h4>${lines(trend.limits.map(([label, value]) => `${label} ${value}`)) || `<p class="text-muted">${__("The manual that is published now has no limits for it.")}</p>`}</section>
				<section><h4>${__("Forecast", null, "Ops Delivery")}</h4>${lines([...trend.forecast, ...trend.crossings])}</section>
				<section class="ops-advice"><h4>${__("To remove the risk")}</h4>${lines(trend.advice)}
				${trend.abnormal.length ? `<details><summary>${__("When a state is abnormal")}</summary><dl>${trend.abnormal.map(([label, text]) => `<dt>${R.esc(label)}</dt><dd>${R.esc(text)}</dd>`).join("")}</dl></details>` : ""}</section>
				</div>
				${trend.findings.length ? `<h4>${__("At risk or abnormal: {0}", [trend.found])}</h4><div class="ops-trend-table" tabindex="0" role="region" aria-label="${__("Findings", null, "Ops Delivery")}"><table class="ops-stacked"><thead><tr><th scope="col">${__("Read on", null, "Routine Reading")}</th><th scope="col">${__("Value", null, "Routine Reading")}</th><th scope="col">${__("Judged", null, "Routine Reading")}</th><th scope="col">${__("Note", null, "Routine Reading")}</th></tr></thead><tbody>${trend.findings.map(finding).join("")}</tbody></table></div>` : ""}
				<h4>${__("What the drawing shows, as figures")}</h4>
				<div class="ops-trend-table" tabindex="0" role="region" aria-label="${__("What the drawing shows, as figures")}"><table><thead><tr>${trend.columns.map((text, place) => `<th scope="col"${number(place)}>${R.esc(text)}</th>`).join("")}</tr></thead>
				<tbody>${trend.rows.map((row) => `<tr>${row.map((text, place) => `<td${number(place)}>${R.esc(text)}</td>`).join("")}</tr>`).join("")}</tbody></table></div>`;
		}

		legend(trend) {
			const entry = (mark, text) => `<span><i class="${mark}"></i>${text}</span>`;
			const warns = trend.limits.length;
			return `<p class="ops-trend-legend" aria-hidden="true">${warns ? entry("ops-line-warning", __("Warning limit")) + entry("ops-line-alarm", __("Alarm limit")) : ""}
				${entry("ops-mark-risk", __("At Risk", null, "Routine Reading"))}${entry("ops-mark-abnormal", __("Abnormal", null, "Routine Reading"))}
				${trend.svg.includes("3 4") ? entry("ops-line-ahead", __("Forecast with its range")) : ""}</p>`;
		}
	};
});
