// A mail says /page#code. The code leaves the address before anything else runs, and is posted to the page.
(() => {
	const take = () => {
		const code = location.hash.slice(1);
		if (code) history.replaceState(null, "", location.pathname);
		return code;
	};
	const send = (code) => {
		const form = document.querySelector("form[data-ops-link]");
		form.elements.token.value = code;
		form.submit();
	};
	const code = take();
	if (code) document.addEventListener("DOMContentLoaded", () => send(code));
	// another link, opened in the tab that shows this page already
	window.addEventListener("hashchange", () => {
		const other = take();
		if (other) send(other);
	});
})();
