{% include "ops_delivery/public/js/calendar_times.js" %}
frappe.views.calendar["Field Service Sheet"] = ops_delivery.calendar_of_visits();
