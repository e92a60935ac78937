{% include "ops_delivery/public/js/calendar_times.js" %}
frappe.views.calendar["Remote Support Session"] = ops_delivery.calendar_of_visits();
