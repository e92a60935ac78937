"""Sites from before routine operation: its kinds, the workflow of manuals and their review."""

from ops_delivery.setup import seeds, workflows


def execute():
	"""Plant what was never planted here."""
	workflows.seed_workflows()
	seeds.plant_reviews()
	seeds.plant_routine()
