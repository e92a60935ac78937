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
	// what was typed outlives a lost connection and a closed page; files cannot be kept by a page
	const storage = (() => {
		try {
			return window.localStorage;
		} catch {
			return null;
		}
	})();
	const session = (() => {
		try {
			return window.sessionStorage;
		} catch {
			return null;
		}
	})();
	const say = (form, text, role) => {
		const note = form.querySelector("[data-ops-said]") || form.appendChild(document.createElement("p"));
		note.dataset.opsSaid = "";
		note.className = "ops-note ops-waiting";
		note.setAttribute("role", role);
		note.textContent = text;
	};
	const reader = document.cookie.match(/(?:^|; )user_id=([^;]*)/)?.[1] || "";
	// sent: nothing is left to restore, neither now nor when somebody goes back to the form
	document.querySelectorAll("[data-ops-sent]").forEach((note) => {
		storage?.removeItem(`ops-draft:${reader}:${note.dataset.opsSent}`);
		session?.setItem(`ops-sent:${reader}:${note.dataset.opsSent}`, "1");
	});
	const went_back = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";
	document.querySelectorAll("form[data-ops-draft]").forEach((form) => {
		const key = `ops-draft:${reader}:${form.dataset.opsDraft}`;
		const sent = `ops-sent:${reader}:${form.dataset.opsDraft}`;
		window.addEventListener("pageshow", (event) => {
			if (!session?.getItem(sent) || !(event.persisted || went_back())) return;
			form.querySelectorAll("textarea, input[type=text], input[type=file]").forEach((field) => (field.value = ""));
			if (!form.dataset.sent) return;
			say(form, form.dataset.sent, "status");
			form.prepend(form.querySelector("[data-ops-said]"));
		});
		// what is begun after that is not sent yet
		form.addEventListener("input", () => session?.removeItem(sent), { once: true });
		const is_ticked = (f) => ["radio", "checkbox"].includes(f.type);
		const kinds = ["text", "radio", "checkbox", "date", "datetime-local", "time"].map((type) => `input[type=${type}]`);
		const fields = [...form.querySelectorAll(["textarea", "select", ...kinds].join())];
		const read = () =>
			Object.fromEntries(fields.filter((f) => (is_ticked(f) ? f.checked : f.value)).map((f) => [f.name, f.value]));
		const is_typed = (name) => name !== "customer" && !name.startsWith("own_"); // these may begin with a value
		const kept = JSON.parse(storage?.getItem(key) || "{}");
		if (Object.keys(kept).length && !Object.keys(read()).some(is_typed)) {
			fields.forEach((f) => {
				if (is_ticked(f)) f.checked = kept[f.name] === f.value;
				else if (kept[f.name]) f.value = kept[f.name];
			});
			if (form.dataset.restored) say(form, form.dataset.restored, "status");
		}
		const once = form.elements.once; // the same form, so that what is sent twice arrives once
		if (once && kept.once) once.value = kept.once;
		form.addEventListener("input", () =>
			storage?.setItem(key, JSON.stringify({ ...read(), ...(once && { once: once.value }) }))
		);
		form.addEventListener("submit", (event) => {
			if (navigator.onLine || !form.dataset.offline) return;
			event.preventDefault();
			event.stopImmediatePropagation();
			say(form, form.dataset.offline, "alert");
		}, true);
	});
	document.querySelectorAll("input[type=file][data-most]").forEach((field) => {
		field.addEventListener("change", () => {
			const size = [...field.files].reduce((sum, file) => sum + file.size, 0);
			const much = field.files.length > field.dataset.most || size > field.dataset.megabytes * 1048576;
			field.setCustomValidity(much ? field.dataset.tooMuch : "");
			field.reportValidity();
		});
	});
})();
