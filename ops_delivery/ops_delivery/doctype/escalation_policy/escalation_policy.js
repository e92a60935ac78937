{% include "ops_delivery/public/js/configuration/helpers.js" %}
{% include "ops_delivery/public/js/configuration/change_dialog.js" %}

ops_delivery.configuration.follow_rule("Escalation Policy");

frappe.ui.form.on("Escalation Policy", {
	refresh(frm) {
		ops_delivery.configuration.set_time_zones(frm, "quiet_time_zone");
		frm.set_query("server_script", "steps", () => ({ filters: { script_type: "API", disabled: 0 } }));
		frm.set_query("reassign_user", "steps", () => ({ filters: { enabled: 1, user_type: "System User" } }));
		frm.set_query("notify_user", "steps", () => ({ filters: { enabled: 1 } }));
		frm.trigger("set_up_preview");
		frm.trigger("show_preview");
	},

	set_up_preview(frm) {
		const $wrapper = frm.get_field("preview").$wrapper;
		if ($wrapper.find(".ops-policy").length) return;
		$wrapper.html('<div class="ops-policy"><div class="ops-policy-form"></div><div class="ops-policy-lines"></div></div>');
		frm.example = new frappe.ui.FieldGroup({
			body: $wrapper.find(".ops-policy-form")[0],
			fields: [
				{
					fieldname: "target",
					fieldtype: "Duration",
					label: __("Example: a target of"),
					hide_days: 1,
					hide_seconds: 1,
					default: 4 * 3600,
					change: () => frm.trigger("show_preview"),
				},
			],
		});
		frm.example.make();
	},

	show_preview(frm) {
		clearTimeout(frm.preview_waiting);
		frm.preview_waiting = setTimeout(() => frm.events.show_preview_now(frm), 400);
	},

	async show_preview_now(frm) {
		const { ask, problem } = ops_delivery.configuration;
		const $lines = frm.get_field("preview").$wrapper.find(".ops-policy-lines");
		if (!(frm.doc.steps || []).length) {
			$lines.html(`<p class="text-muted">${__("Enter the steps above; what happens when then appears here.")}</p>`);
			return;
		}
		const target = frm.example.get_value("target") || 4 * 3600;
		try {
			const lines = await ask("configuration.policy_timeline", { doc: frm.doc, target });
			$lines.html(frm.events.timeline(lines, target));
		} catch (message) {
			$lines.html(problem(message));
		}
	},

	timeline(lines, target) {
		const { hours, escape } = ops_delivery.configuration;
		const colours = { Warning: "orange", Alarm: "red", "Manager Route": "purple", "Expert Route": "blue" };
		const item = (line) => {
			const told = line.to ? __("{0}: {1}", [line.to, line.by]) : "";
			const details = [told, line.actions, line.repeat].filter(Boolean).map(escape).join(" · ");
			const only = line.only ? `<span class="text-muted">${__("only {0}", [escape(line.only)])}</span>` : "";
			const wall =
				line.basis === "Wall Minutes"
					? `<span class="text-muted">${__("by the wall clock, closed hours included")}</span>`
					: "";
			return `<li><time>${__("at {0}", [hours(Math.max(0, line.at))])}</time>
				<div><span class="indicator-pill ${colours[line.kind] || "gray"}">${__(line.kind, null, "Escalation Step")}</span>
				<b>${escape(__(line.step, null, "Escalation Step"))}</b> ${only} ${wall}<div>${details}</div></div></li>`;
		};
		const due = `<li class="ops-policy-due"><time>${__("at {0}", [hours(target)])}</time><div>${__(
			"Deadline"
		)}</div></li>`;
		const before = lines.filter((line) => line.at < target).map(item);
		const after = lines.filter((line) => line.at >= target).map(item);
		return `<ol class="ops-policy-list"><li><time>${__("at {0}", [hours(0)])}</time><div>${__(
			"The clock starts"
		)}</div></li>${before.join("")}${due}${after.join("")}</ol>
			<p class="text-muted">${__("Times are service hours since the start; held time does not count. Each step is left out once the promise is kept.")}</p>`;
	},

	has_quiet_hours(frm) {
		if (frm.doc.has_quiet_hours && !frm.doc.revision) {
			frm.set_value({ quiet_from: "22:00:00", quiet_to: "07:00:00" });
		}
	},
});

const refresh_preview = (frm) => frm.trigger("show_preview");

frappe.ui.form.on(
	"Escalation Step",
	Object.fromEntries(
		[
			"step_name", "kind", "moment", "basis", "amount", "commitment", "priority", "notify_assignee", "notify_managers",
			"notify_experts", "contact_level", "notify_role", "notify_user", "by_desk", "by_email", "ignore_quiet_hours",
			"raise_priority", "reassign_to", "reassign_user", "server_script", "repeat_minutes", "max_repeats",
			"steps_remove", "steps_move",
		].map((event) => [event, refresh_preview])
	)
);
