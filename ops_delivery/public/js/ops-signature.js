// A box to sign in on the customer's page. Without JavaScript the name and the tick are the signature.
(() => {
	document.querySelectorAll("form[data-ops-signature]").forEach((form) => {
		const pad = form.querySelector("[data-ops-pad]");
		const canvas = pad.querySelector("canvas");
		const pen = canvas.getContext("2d");
		let drawing = false;
		let drawn = false;
		pad.hidden = false;
		pen.lineWidth = 3;
		pen.lineCap = "round";
		const at = (event) => {
			const box = canvas.getBoundingClientRect();
			return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
		};
		canvas.addEventListener("pointerdown", (event) => {
			drawing = drawn = true;
			canvas.setPointerCapture(event.pointerId);
			pen.beginPath();
			pen.moveTo(...at(event));
		});
		canvas.addEventListener("pointermove", (event) => {
			if (!drawing) return;
			pen.lineTo(...at(event));
			pen.stroke();
		});
		["pointerup", "pointercancel"].forEach((name) => canvas.addEventListener(name, () => (drawing = false)));
		pad.querySelector("[data-ops-clear]").addEventListener("click", () => {
			pen.clearRect(0, 0, canvas.width, canvas.height);
			drawn = false;
		});
		form.addEventListener("submit", () => {
			form.elements.image.value = drawn ? canvas.toDataURL("image/png") : "";
		});
	});
})();
