from frappe.model.document import Document


class SurveyTemplateQuestion(Document):
	"""A question of a Survey Template."""
