// Small helps for the customer's forms. Without them the forms work as well.
(() => {
	document.querySelectorAll("[data-ops-more]").forEach((button) => {
		button.hidden = false;
		button.addEventListener("click", () => {
			const fields = button.parentElement.querySelectorAll("textarea");
			const number = fields.length;
			const field = fields[number - 1].cloneNode();
			field.value = "";
			field.id = `ops-reservation-${number}`;
			const label = document.createElement("label");
			label.className = "ops-hidden-label";
			label.htmlFor = field.id;
			label.textContent = button.dataset.label.replace("{0}", number + 1);
			button.before(label, field);
			field.focus();
			if (number + 1 >= 20) button.remove();
		});
	});
	// a second click must not send the form a second time
	document.querySelectorAll("form[data-ops-once]").forEach((form) => {
		form.addEventListener("submit", () => {
			const submit = form.querySelector("[type=submit]");
			window.setTimeout(() => (submit.disabled = true), 0);
		});
	});
	window.addEventListener("pageshow", () => {
		document.querySelectorAll("form[data-ops-once] [type=submit]").forEach((b) => (b.disabled = false));
	});
})();
