// A box to sign in on the customer's page. Without JavaScript the name and the tick are the signature.
(() => {
	document.querySelectorAll("form[data-ops-signature]").forEach((form) => {
		const pad = form.querySelector("[data-ops-pad]");
		const canvas = pad.querySelector("canvas");
		const pen = canvas.getContext("2d");
		let drawing = false;
		let drawn = false; // a line was drawn: a tap alone signs nothing
		let way = 0;
		let last = null;
		pad.hidden = false;
		pen.lineWidth = 3;
		pen.lineCap = "round";
		const at = (event) => {
			const box = canvas.getBoundingClientRect();
			return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
		};
		canvas.addEventListener("pointerdown", (event) => {
			drawing = true;
			last = at(event);
			canvas.setPointerCapture(event.pointerId);
			pen.beginPath();
			pen.moveTo(...at(event));
		});
		canvas.addEventListener("pointermove", (event) => {
			if (!drawing) return;
			const [x, y] = at(event);
			way += Math.hypot(x - last[0], y - last[1]);
			drawn = way > canvas.width * 0.06;
			last = [x, y];
			pen.lineTo(x, y);
			pen.stroke();
		});
		["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => (drawing = false)));
		pad.querySelector("[data-ops-clear]").addEventListener("click", () => {
			pen.clearRect(0, 0, canvas.width, canvas.height);
			drawn = false;
			way = 0;
		});
		form.addEventListener("submit", () => {
			form.elements.image.value = drawn ? canvas.toDataURL("image/png") : "";
		});
	});
})();
