frappe.ui.form.on("Major Incident Report", {
	setup(frm) {
		frm.set_query("issue", () => ({ filters: { ops_major: 1 } }));
		["compiler", "reviewer"].forEach((field) => frm.set_query(field, () => ops_delivery.people_of(false)));
		frm.set_query("owner_user", "measures", () => ops_delivery.people_of(false));
	},

	async refresh(frm) {
		frm.set_intro("");
		if (frm.is_new()) return;
		const { doc } = frm;
		frm.page.set_indicator(__(doc.status, null, "Major Incident Report"), ops_delivery.colour("Major Incident Report", doc.status));
		add_buttons(frm);
		show_measures(frm);
		const standing = stands(doc);
		const say = (text, tone) => frm.set_intro([standing, text].filter(Boolean).join("<br>"), standing ? "orange" : tone);
		if (standing) say("", "orange");
		if (!["Compiling", "In Review"].includes(doc.status)) return;
		const missing = await ops_delivery.load("ops_delivery.api.incidents.missing", { name: doc.name }, "GET");
		if (frm.doc.name !== doc.name) return;
		const compiling = doc.status === "Compiling";
		if (!missing.length) {
			frm.set_intro("");
			say(compiling ? __("Complete: it can be sent to review.") : __("Complete: it can be published once it is reviewed."), "green");
			return;
		}
		const items = missing.map((row) => `<li><b>${frappe.utils.escape_html(row.item)}</b>: ${row.text}</li>`).join("");
		const said = compiling ? __("Before it can be reviewed it still needs:") : __("Before it can be published it still needs:");
		frm.set_intro("");
		say(`${said}<ul class="ops-missing">${items}</ul>`, "blue");
	},
});

/** What became of it since: it is no major incident any more, or one again after it was published. */
const stands = (doc) => {
	const last = (doc.decisions || []).at(-1);
	if (!last) return "";
	const on = frappe.datetime.str_to_user(last.done_on);
	const why = last.reason ? ` ${frappe.utils.escape_html(last.reason)}` : "";
	if (last.what === "Withdrawn") return __("Withdrawn as a major incident on {0}:", [on]) + why;
	if (last.what === "No Longer") return __("By its agreement it is no major incident any more since {0}. The report stays; cancel it with a reason, or go on.", [on]);
	if (doc.published_on && last.done_on > doc.published_on) return __("It became a major incident again on {0}, after this was published. Revise it.", [on]);
	if (doc.status === "Cancelled" && doc.decisions.length > 1) return __("It became a major incident again on {0}. Take the report up again.", [on]);
	return "";
};

const add_buttons = (frm) => {
	const { doc } = frm;
	const call = (method, done) =>
		frappe.xcall(`ops_delivery.api.incidents.${method}`, { name: doc.name }).then(async (found) => {
			await frm.reload_doc();
			frappe.show_alert({ message: done(found), indicator: "green" });
		});
	if (!frm.perm[0]?.write || frm.is_dirty()) return;
	if (doc.status === "Compiling")
		frm.add_custom_button(__("Take from the Records"), () => call("take_course", (count) => __("{0} lines were added to the course.", [count])));
	if (doc.status !== "Cancelled" && (doc.measures || []).some((row) => !row.improvement))
		frm.add_custom_button(__("Open as Improvement Actions"), () => call("open_measures", (made) => __("{0} improvement actions were opened.", [made.length])));
	if (doc.status === "Published" && doc.handed_version !== doc.version)
		frm.add_custom_button(__("Hand Over"), () => call("hand_over", (name) => __("It is a file of {0} now.", [name])));
};

const show_measures = async (frm) => {
	const $box = frm.fields_dict.measures_html.$wrapper.empty();
	if (!(frm.doc.measures || []).some((row) => row.improvement)) return;
	const name = frm.doc.name;
	const rows = await ops_delivery.load("ops_delivery.api.incidents.measures", { name }, "GET");
	if (frm.doc.name !== name) return;
	const esc = frappe.utils.escape_html;
	$box.html(
		`<ul class="list-unstyled ops-measures">${rows
			.map(
				(row) =>
					`<li><a href="/app/improvement-action/${encodeURIComponent(row.name)}">${esc(row.name)}</a> ${esc(row.title)}
					<span class="indicator-pill ${ops_delivery.colour("Improvement Action", row.state)}">${__(row.state, null, "Improvement Action")}</span></li>`
			)
			.join("")}</ul>`
	);
};
