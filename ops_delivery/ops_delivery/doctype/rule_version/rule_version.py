import frappe
from frappe import _
from frappe.model.document import Document

from ops_delivery.permissions import steps
from ops_delivery.services.papers import version_words
from ops_delivery.services.rules import rule_versions as versions
from ops_delivery.services.shared import field_types


class RuleVersion(Document):
	"""A snapshot of a rule. services.rules.rule_versions makes it; nobody changes it."""

	def before_insert(self):
		field_types.cast(self)
		if not steps.is_taken(self):
			frappe.throw(_("A Rule Version is made by saving the rule itself, never by hand."))

	def onload(self):
		self.set_onload("ops_content", version_words.html(self))

	def apply_fieldlevel_read_permissions(self):
		super().apply_fieldlevel_read_permissions()
		self.content = versions.as_read(self)

	def before_print(self, _settings=None):
		self.content = versions.as_read(self)

	def validate(self):
		if not self.is_new():
			self.refuse()

	def before_rename(self, *_args, **_kwargs):
		self.refuse()

	def on_trash(self):
		if not frappe.flags.in_uninstall:
			self.refuse()

	def refuse(self):
		frappe.throw(
			_(
				"{0} cannot be changed, renamed or deleted: records were measured by it. Edit {1} {2} instead; that publishes a new revision."
			).format(frappe.bold(self.name), _(self.reference_doctype), frappe.bold(self.reference_name)),
			title=_("Rule versions stay as they are"),
		)


def on_doctype_update():
	frappe.db.add_index("Rule Version", ["reference_doctype", "reference_name", "revision"])
