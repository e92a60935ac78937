// How an agreement's status looks, in its form and in the list.
frappe.provide("ops_delivery.agreement");

(() => {
	const colours = {
		Draft: "gray",
		"Internal Review": "yellow",
		"Customer Review": "orange",
		Signing: "blue",
		Active: "green",
		Scheduled: "blue",
		Expired: "gray",
		Superseded: "gray",
		Suspended: "orange",
		Terminated: "red",
		Cancelled: "red",
	};
	ops_delivery.agreement.colour_of = (status) => colours[status] || "gray";
})();
