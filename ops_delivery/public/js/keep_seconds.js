// Where Frappe's picker knows no seconds (a time format without them), it reads its own text back as another moment: the form
// counts as changed as soon as it is opened, and saving it would cut the seconds off what was measured. So on Issues and our
// own forms the full minute of the moment that is there is no change.
(() => {
	const control = frappe.ui.form.ControlDatetime.prototype;
	const take = control.validate_and_set_in_model;
	control.validate_and_set_in_model = function (value, ...rest) {
		const ours = this.frm && (this.frm.doctype === "Issue" || this.frm.meta.module === "Ops Delivery");
		const kept = ours && value && this.get_model_value();
		return kept && value === `${kept.slice(0, 16)}:00` ? Promise.resolve() : take.call(this, value, ...rest);
	};
})();
