// One line above the workspace for whoever administers the site: whether all is well, leading to the health in the settings.
frappe.provide("ops_delivery");

(() => {
	const WORKSPACE = "Ops Delivery";
	let asked = 0;

	const words = ({ color, wrong, better }) => {
		if (color === "red") return wrong === 1 ? __("One thing needs attention") : __("{0} things need attention", [wrong]);
		if (color === "yellow") return better === 1 ? __("The engine keeps up; one thing could be better") : __("The engine keeps up; {0} things could be better", [better]);
		return __("The engine keeps up");
	};

	const show = async () => {
		const number = ++asked;
		const page = document.getElementById("page-Workspaces");
		page?.querySelector(".ops-health-light")?.remove();
		const [kind, name] = frappe.get_route() || [];
		if (!page || kind !== "Workspaces" || name !== WORKSPACE) return;
		let light;
		try {
			light = await ops_delivery.load("ops_delivery.api.health.light", {}, "GET");
		} catch {
			return; // the page is whole without it
		}
		if (number !== asked) return;
		const line = document.createElement("a");
		line.className = "ops-health-light";
		line.setAttribute("role", "status");
		line.href = frappe.router.make_url([frappe.router.slug("Ops Delivery Settings")]);
		line.innerHTML = `<span class="indicator-pill ${light.color}">${frappe.utils.escape_html(words(light))}</span>
			<span class="text-muted">${__("Open the health")}</span>`;
		line.addEventListener("click", (event) => {
			ops_delivery.to_health = !(event.ctrlKey || event.metaKey || event.shiftKey); // those open a tab of its own
		});
		page.querySelector(".layout-main-section")?.prepend(line);
	};

	frappe.router.on("change", show);
	show();
})();
