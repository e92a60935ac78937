"""Frappe's Customize Form, which writes an administrator's own fields past their documents: ours are asked first."""

from frappe.custom.doctype.customize_form.customize_form import CustomizeForm

from ops_delivery.services.administration import found_by_name, own_mandatory


class AsksFirst:
	"""Mixed into Customize Form, whatever class another app has for it (extend_doctype_class of Frappe 16)."""

	def update_custom_fields(self) -> None:
		own_mandatory.check_form(self)
		found_by_name.check_form(self)
		super().update_custom_fields()


class OurCustomizeForm(AsksFirst, CustomizeForm):
	"""override_doctype_class on 15, which mixes no classes."""
