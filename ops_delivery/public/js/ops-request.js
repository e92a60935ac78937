// Answers while somebody types a new request. Without this a button of the form asks for them.
(() => {
	const field = document.querySelector("[data-ops-suggest]");
	const box = document.querySelector("[data-ops-answers]");
	if (!field || !box) return;
	let wait, asked = "";
	const ask = async () => {
		const text = field.value.trim();
		if (text.length < 3 || text === asked) return;
		asked = text;
		const body = new URLSearchParams({ text, form: field.form.elements.once.value, csrf_token: field.form.elements.csrf_token.value });
		try {
			const answer = await fetch("/api/method/ops_delivery.api.portal.help_articles", {
				method: "POST",
				headers: { Accept: "application/json" },
				body,
			});
			if (!answer.ok || text !== asked) return;
			const articles = (await answer.json()).message;
			box.hidden = !articles.length;
			box.querySelector("p")?.remove();
			const list = box.querySelector("ul") || box.appendChild(document.createElement("ul"));
			list.replaceChildren(
				...articles.map(({ title, url }) => {
					const item = document.createElement("li");
					const link = item.appendChild(document.createElement("a"));
					Object.assign(link, { textContent: title, href: url, target: "_blank", rel: "noopener" });
					return item;
				})
			);
		} catch {
			asked = ""; // no connection: a help that is not there disturbs nobody
		}
	};
	field.addEventListener("input", () => {
		clearTimeout(wait);
		wait = setTimeout(ask, 500);
	});
	ask(); // what was kept, or typed before this script was there
})();
