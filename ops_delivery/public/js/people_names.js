// People on our forms, lists and reports by their names: Frappe shows a link to a user as an e-mail address.
frappe.provide("ops_delivery");

(() => {
	const people = frappe.boot.ops_delivery.people || {};
	const OURS = "Ops Delivery";
	const in_our_report = () => frappe.get_route()[0] === "query-report" && frappe.query_report?.report_doc?.module === OURS;
	const is_ours = (df) => (df?.parent ? frappe.get_meta(df.parent)?.module === OURS : in_our_report());

	/** The full name of a user, of ours or not. */
	ops_delivery.person = (user) => people[user] || frappe.user.full_name(user);

	// what is only read, in forms, tables and lists
	const before = frappe.form.link_formatters.User;
	frappe.form.link_formatters.User = (value, doc, df) =>
		(is_ours(df) && people[value] && ops_delivery.esc(people[value])) || (before ? before(value, doc, df) : value); // Frappe shows it as HTML

	// what may be changed: the box shows the name and keeps the user
	const control = frappe.ui.form.ControlLink?.prototype;
	if (!control?.translate_and_set_input_value) return;
	const set_title = control.set_link_title;
	control.set_link_title = function (value) {
		if (this.get_options() === "User" && is_ours(this.df) && people[value]) return this.translate_and_set_input_value(people[value], value);
		return set_title.call(this, value);
	};
})();
