// Photos of a visit. One that is taken is first kept on the device (IndexedDB), then sent; it leaves the device when the
// server has it. So none is lost without a connection, by a reload, or by an answer that never came.
frappe.provide("ops_delivery.visit");

ops_delivery.once("visit/photos.js", () => {
	const V = ops_delivery.visit;
	const DATABASE = "ops_delivery_visit_photos";
	const STORE = "photos";
	const SIDE = 2000; // pixels of the longer side: enough to read a label, small enough to send
	let rows = []; // what waits, of this user: as in the database, each with an address for the page
	let sending = null;
	let opened;

	const database = () =>
		(opened ||= new Promise((resolve, reject) => {
			const request = indexedDB.open(DATABASE, 1);
			request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "token" });
			request.onsuccess = () => resolve(request.result);
			request.onerror = () => reject(request.error);
		}));

	const stored = async (mode, act) => {
		const store = (await database()).transaction(STORE, mode).objectStore(STORE);
		return new Promise((resolve, reject) => {
			const request = act(store);
			store.transaction.oncomplete = () => resolve(request.result);
			store.transaction.onabort = () => reject(store.transaction.error);
		});
	};

	/** Read what waits; where the browser keeps nothing (private windows), only what this page holds. */
	const read = async () => {
		try {
			const all = await stored("readonly", (store) => store.getAll());
			const known = Object.fromEntries(rows.map((row) => [row.token, row.url]));
			rows = all
				.filter((row) => row.user === frappe.session.user)
				.sort((one, other) => one.taken - other.taken)
				.map((row) => ({ ...row, url: known[row.token] || URL.createObjectURL(row.image) }));
		} catch (error) {
			console.warn(error);
		}
		return rows;
	};

	const forget = async (token) => {
		const gone = rows.find((row) => row.token === token);
		rows = rows.filter((row) => row.token !== token);
		if (gone) URL.revokeObjectURL(gone.url);
		await stored("readwrite", (store) => store.delete(token)).catch(console.warn);
	};

	const note = async (row, values) => {
		Object.assign(row, values);
		const { url, ...kept } = row;
		await stored("readwrite", (store) => store.put(kept)).catch(console.warn);
	};

	/** Keep a picture for a point and send it as soon as that goes. */
	const take = async (frm, point, file) => {
		const image = await smaller(file);
		const row = {
			token: frappe.utils.get_random(20),
			user: frappe.session.user,
			doctype: frm.doctype,
			name: frm.doc.name,
			point,
			image,
			taken: Date.now(),
		};
		rows.push({ ...row, url: URL.createObjectURL(image) });
		await stored("readwrite", (store) => store.put(row)).catch(console.warn);
		V.draw(frm);
		const sent = await send();
		if (!sent && rows.some((other) => other.token === row.token && !other.refused)) {
			await V.released(() =>
				frappe.show_alert({ message: __("No connection: the photo is kept on this device, sent later."), indicator: "orange" })
			);
		}
		if (sent) await V.reload(frm);
		else V.draw(frm);
	};

	/** Send what waits, oldest first; several callers share one run. Returns how many the server has now. */
	const send = () => (sending ||= run().finally(() => (sending = null)));

	const run = async () => {
		let sent = 0;
		for (const row of rows.filter((other) => !other.refused)) {
			if (V.waiting_taps().length) break; // the arrival is told before the photo that was taken after it
			try {
				const { doctype, name, point, token } = row;
				await V.look("add_photo", { doctype, name, row: point, image: await data_url(row.image), token });
				await forget(row.token);
				sent += 1;
			} catch (error) {
				if (error instanceof V.Offline) break;
				await note(row, { refused: error.message }); // never thrown away: whoever took it decides
			}
		}
		return sent;
	};

	const again = async (token) => {
		const row = rows.find((other) => other.token === token);
		if (row) await note(row, { refused: "" });
		return send();
	};

	const of = (name) => rows.filter((row) => row.name === name);

	const data_url = (blob) =>
		new Promise((resolve, reject) => {
			const reader = new FileReader();
			reader.onload = () => resolve(reader.result);
			reader.onerror = () => reject(reader.error);
			reader.readAsDataURL(blob);
		});

	/** A photo small enough for a phone's line; as it is where this browser cannot read it (a HEIC of another phone) or has no
	 * room to draw it. Then the server converts it, or says on the photo why not: it never just vanishes. */
	const smaller = (file) =>
		new Promise((resolve) => {
			const url = URL.createObjectURL(file);
			const image = new Image();
			const done = (blob) => {
				URL.revokeObjectURL(url);
				resolve(blob || file);
			};
			image.onload = () => {
				try {
					const scale = Math.min(1, SIDE / Math.max(image.width, image.height));
					const canvas = document.createElement("canvas");
					canvas.width = Math.round(image.width * scale);
					canvas.height = Math.round(image.height * scale);
					canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
					canvas.toBlob(done, "image/jpeg", 0.85);
				} catch (error) {
					console.warn(error);
					done(null);
				}
			};
			image.onerror = () => done(null);
			image.src = url;
		});

	const ending = (blob) => (blob.type.split("/")[1] || "jpg").replace("jpeg", "jpg");

	/** The photos that wait at one point. */
	const line = (name, point) =>
		of(name)
			.filter((row) => row.point === point)
			.map(
				(row) => `<figure class="ops-photo-waits" data-token="${V.esc(row.token)}">
				<img src="${V.esc(row.url)}" alt="${__("Photo")}">
				<figcaption>${
					row.refused
						? `<span class="ops-problem">${__("Not taken: {0}", [V.esc(strip_html(row.refused))])}</span>
						<div class="ops-taps">${V.button("photo_again", __("Try again"), "btn-default", { item: row.token })}
						<a class="btn btn-default ops-tap" href="${V.esc(row.url)}" download="${V.esc(`${row.name}.${ending(row.image)}`)}">${__("Save on the device")}</a>
						${V.button("photo_forget", __("Remove", null, "Ops Delivery"), "btn-default", { item: row.token })}</div>`
						: __("Waits on this device for a connection")
				}</figcaption></figure>`
			)
			.join("");

	/** All photos of a visit: which point, who, when. */
	const gallery = (facts) =>
		facts.photos.length
			? `<details class="ops-visit-card ops-gallery-card"><summary><h5>${__("Photos")} · ${facts.photos.length}</h5></summary>
			<div class="ops-gallery">${facts.photos
				.map(
					(row) => `<figure><a href="${V.esc(row.image)}" target="_blank" rel="noopener"><img src="${V.esc(row.image)}"
					alt="${V.esc(row.point)}" loading="lazy"></a><figcaption><b>${V.esc(row.point)}</b>
					<span class="text-muted">${V.esc([row.stage, row.by, row.on].join(" · "))}</span></figcaption></figure>`
				)
				.join("")}</div></details>`
			: "";

	V.photos = { take, send, again, forget, of, line, gallery, ready: read() };
	V.photos.ready.then(() => rows.length && V.later());
});
