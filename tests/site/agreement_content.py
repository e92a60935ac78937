"""What makes an agreement complete (5.2.a), for tests that need one and are about something else."""


def complete() -> dict:
	"""Values for a Service Agreement beside its promise: scope, assessment, fee, duties, reports, complaints, security."""
	return {
		"scope": [
			{
				"service_content": "Response Support",
				"service_item": "Handling of faults and requests",
				"frequency": "On Demand",
				"deliverables": "Response support record",
			}
		],
		"assessment_frequency": "Quarterly",
		"metrics": [
			{
				"metric": "Kept promises",
				"unit": "%",
				"target": 95,
				"weight": 100,
				"value_formula": "attainment",
				"penalty": "1 % of the fee for each point below",
				"penalty_formula": "max(0, target - value) * 0.01 * fee",
			}
		],
		"fee_basis": "Contract Income",
		"currency": "CNY",
		"fee": 100000,
		"billing_frequency": "Quarterly",
		"payment_terms": "30 days",
		"supplier_duties": "Provides people and tools",
		"customer_duties": "Gives access and confirms results",
		"reporting_frequency": "Monthly",
		"survey_frequency": "Quarterly",
		"complaint_channel": "400-000-0001",
		"security_terms": "Named people only",
	}
