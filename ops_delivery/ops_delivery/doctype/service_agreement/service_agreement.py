import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from ops_delivery.domain.events import AgreementChanged
from ops_delivery.permissions import steps, switches
from ops_delivery.services.agreements import agreed_parts, amounts, completeness, parties, promises
from ops_delivery.services.agreements import checks as agreement_checks
from ops_delivery.services.agreements import lifecycle as agreement_life
from ops_delivery.services.agreements import versions as agreements
from ops_delivery.services.improvements import rules as improvement_rules
from ops_delivery.services.portal import switch as portal_switch
from ops_delivery.services.reviews import phase_guard as reviewed
from ops_delivery.services.shared import events, field_types
from ops_delivery.services.shared.stored_texts import StoredTexts

DRAFT_PHASES = ("Draft", "Internal Review", "Customer Review", "Signing")


class ServiceAgreement(StoredTexts, Document):
	def before_validate(self):
		field_types.cast(self)
		steps.guard(self)
		self.version = (
			(
				frappe.db.get_value(
					"Service Agreement", self.previous_version or self.amended_from, "version"
				)
				or 0
			)
			+ 1
			if self.is_new() and (self.previous_version or self.amended_from)
			else self.version or 1
		)
		self.covers_all_objects = int(bool(self.covers_all_objects))
		if self.is_new() and not self.owner_user:
			self.owner_user = frappe.session.user

	def validate(self):
		amounts.prepare(self)
		parties.fill(self)
		promises.prepare(self)
		agreement_checks.check(self)
		agreed_parts.follow(self)
		improvement_rules.check_reason(self)
		if self.docstatus == 0 and self.status not in DRAFT_PHASES:
			frappe.throw(
				_("{0}: an agreement becomes {1} when it is submitted, not before.").format(
					frappe.bold(_("Status")), _(self.status, context=self.doctype)
				)
			)
		completeness.require_for_phase(self)
		asked_for = self.status
		reviewed.validate(self)
		if self.status != asked_for:  # a workflow state alone was set, and means another phase
			completeness.require_for_phase(self)

	def on_update(self):
		reviewed.on_update(self)

	def after_insert(self):
		if not self.agreement_number:
			self.db_set("agreement_number", self.name, update_modified=False)

	def before_submit(self):
		completeness.require(self)
		reviewed.before_submit(self)
		self.status = "Active"
		self.status = agreements.status_on(self, getdate())

	def on_submit(self):
		agreements.submitted(self.name)
		agreements.put_status(self, self.status)
		if self.status == "Active":
			agreements.supersede_older(self)

	def before_update_after_submit(self):
		field_types.cast(self)
		steps.guard(self)
		old = self.get_doc_before_save()
		if old and old.status == "Superseded" and self.status != "Superseded":
			frappe.throw(
				_("Status: version {0} was superseded and stays so. Make a new version instead.").format(
					self.version
				)
			)

		agreement_life.check_decision(self)
		reviewed.before_update_after_submit(self)

	def on_change(self):
		if not self.docstatus.is_draft():
			switches.forget()  # which customers have an agreement is asked with every save of an Issue
			portal_switch.forget()
			events.tell(AgreementChanged(self.name))

	def on_update_after_submit(self):
		reviewed.on_update(self)

	def before_cancel(self):
		used = frappe.db.count("Service Clock", {"agreement": self.name})
		if used:
			frappe.throw(
				_(
					"{0} rules {1} clocks and cannot be cancelled: their history would lose its ground. Terminate it, or make a new version."
				).format(frappe.bold(self.name), used)
			)

	def on_trash(self):
		if self.docstatus.is_cancelled():
			frappe.throw(_("{0} was in force once and is kept as evidence.").format(frappe.bold(self.name)))
		reviewed.on_trash(self)

	def on_cancel(self):
		agreements.put_status(self, "Cancelled")
