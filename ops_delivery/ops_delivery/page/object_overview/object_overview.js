// All objects at a glance; one object (object-overview/OBJECT); the trend of one of its values (object-overview/OBJECT/STEP).
// What each shows is drawn by public/js/routine.
frappe.pages["object-overview"].on_page_load = (wrapper) => {
	const page = frappe.ui.make_app_page({ parent: wrapper, title: __("Object Overview"), single_column: true });
	wrapper.objects = new ObjectOverview(page);
};
frappe.pages["object-overview"].on_page_show = (wrapper) => wrapper.objects.show();

class ObjectOverview {
	constructor(page) {
		this.page = page;
		this.$main = $(page.main).addClass("ops-objects");
		this.list = new ops_delivery.routine.ObjectList(this);
		this.trend = new ops_delivery.routine.TrendView(this);
	}

	show() {
		const [, name, step] = frappe.get_route();
		this.name = name;
		this.page.clear_inner_toolbar();
		this.page.clear_menu();
		this.page.clear_primary_action();
		this.page.set_secondary_action(__("Refresh"), () => this.show(), "refresh");
		if (name) this.page.add_inner_button(__("All objects"), () => frappe.set_route("object-overview"));
		if (step) {
			this.page.add_inner_button(__("Object"), () => frappe.set_route("object-overview", name));
			this.trend.show(name, step);
		} else if (name) ops_delivery.routine.show_object(this, name);
		else this.list.show();
	}

	/** Draw, unless another part was opened meanwhile. `looks` are the app's own styles. */
	draw(key, title, html) {
		if (key !== frappe.get_route().slice(1, 3).join("/")) return null;
		this.page.set_title(title);
		this.$main.html(html);
		return this.$main;
	}
}
