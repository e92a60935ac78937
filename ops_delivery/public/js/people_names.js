// People on our forms and lists by their names: Frappe shows a link to a user as an e-mail address.
(() => {
	const people = frappe.boot.ops_delivery.people || {};
	const is_ours = (df) => df?.parent && frappe.boot.ops_delivery.forms && frappe.get_meta(df.parent)?.module === "Ops Delivery";

	// what is only read, in forms, tables and lists
	const before = frappe.form.link_formatters.User;
	frappe.form.link_formatters.User = (value, doc, df) =>
		(is_ours(df) && people[value]) || (before ? before(value, doc, df) : value);

	// what may be changed: the box shows the name and keeps the user
	const control = frappe.ui.form.ControlLink?.prototype;
	if (!control?.translate_and_set_input_value) return;
	const set_title = control.set_link_title;
	control.set_link_title = function (value) {
		if (this.get_options() === "User" && is_ours(this.df) && people[value]) return this.translate_and_set_input_value(people[value], value);
		return set_title.call(this, value);
	};
})();
