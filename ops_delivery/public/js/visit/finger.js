// A text that is left by tapping a button is sent between finger down and finger up. Whatever comes of it must wait for the
// finger: drawn anew just then, the button would be another one; under a message, the finger would leave the message. Either
// way the tap were lost.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/finger.js", () => {
	const CLICK_COMES_WITHIN = 60; // ms after the finger is gone
	const AT_MOST = 5000; // ms: a mouse may be let go outside the window, where nobody hears it
	const LOOK = 40;
	let down = false;
	let gone = null;

	document.addEventListener(
		"pointerdown",
		() => {
			window.clearTimeout(gone); // of the tap before
			down = true;
		},
		true
	);
	for (const end of ["pointerup", "pointercancel"]) {
		document.addEventListener(end, () => (gone = window.setTimeout(() => (down = false), CLICK_COMES_WITHIN)), true);
	}

	/** Wait until no finger is on the screen; then show what is to be shown. */
	ops_delivery.visit.released = async (show = () => {}) => {
		for (let waited = 0; down && waited < AT_MOST; waited += LOOK) {
			await new Promise((resolve) => window.setTimeout(resolve, LOOK));
		}
		show();
	};
});
