// A service clock on the desk: how it reads, and how it counts on by itself with the service hours it was given.
frappe.provide("ops_delivery");

(() => {
	const seconds_of = (iso) => Math.floor(new Date(iso).getTime() / 1000);

	ops_delivery.reader_zone = () => frappe.boot.time_zone?.user || frappe.boot.time_zone?.system;

	/** An ISO instant as the reader's clock shows it. */
	ops_delivery.moment = (iso) => {
		if (!iso) return "";
		const local = moment.utc(iso).tz(ops_delivery.reader_zone());
		const time = frappe.datetime.get_user_time_fmt().replace(":ss", "");
		return local.format(`${frappe.datetime.get_user_date_fmt().toUpperCase()} ${time}`);
	};

	/** A clock by now: what the server said, plus the service time that has passed since. */
	ops_delivery.LiveClock = class LiveClock {
		constructor(facts) {
			Object.assign(this, facts);
			this.asked_at = seconds_of(facts.now);
			this.received = Date.now();
		}
		present() {
			return this.asked_at + Math.floor((Date.now() - this.received) / 1000);
		}
		used() {
			if (this.state !== "Running") return this.elapsed;
			const now = this.present();
			const more = this.upcoming.reduce(
				(sum, [start, end]) => sum + Math.max(0, Math.min(end, now) - Math.max(start, this.asked_at)),
				0
			);
			return this.elapsed + more;
		}
		left() {
			return this.target - this.used();
		}
		in_service_hours() {
			const now = this.present();
			return this.upcoming.some(([start, end]) => start <= now && now < end);
		}
		counts_again() {
			const next = this.upcoming.find(([start]) => start > this.present());
			return next ? new Date(next[0] * 1000).toISOString() : null;
		}
		look() {
			const late = this.left() < 0;
			if (this.state === "Cancelled") return "cancelled";
			if (late) return "late";
			if (this.state === "Paused") return "paused";
			if (this.state === "Met") return "met";
			return this.left() < this.target * 0.2 ? "soon" : "running";
		}
		/** The state in words, so that it needs no colour. */
		words() {
			const late = this.left() < 0;
			if (this.state === "Met") return late ? __("Done late") : __("Done in time");
			if (this.state === "Cancelled") return __("Cancelled", null, "Service Clock");
			if (this.state === "Paused") return late ? __("Missed, paused") : __("Paused", null, "Service Clock");
			if (late) return __("Missed", null, "Service Clock");
			return this.in_service_hours() ? __("Running", null, "Ops Delivery") : __("Outside service hours");
		}
		/** What matters now: time left, over or used. */
		headline() {
			const left = this.left();
			if (this.state === "Met" || this.state === "Cancelled") {
				if (left < 0) return __("{0} over the target", [ops_delivery.duration(left)]);
				return __("{0} of {1} used", [
					ops_delivery.duration(this.used()),
					ops_delivery.duration(this.target),
				]);
			}
			if (left < 0) return __("{0} over the target", [ops_delivery.duration(left)]);
			return __("{0} left", [ops_delivery.duration(left)]);
		}
		subline() {
			if (this.state === "Met") return __("Done {0}", [ops_delivery.moment(this.stopped)]);
			if (this.state === "Cancelled") return __("No longer applies");
			if (this.state === "Paused") {
				const note = [...this.events].reverse().find((event) => event.kind === "Pause")?.reason;
				return note ? __("Not counted: {0}", [note]) : __("Time is not counted");
			}
			if (this.left() < 0) return __("Was due {0}", [ops_delivery.moment(this.due)]);
			const due = __("Due {0}", [ops_delivery.moment(this.due)]);
			const again = this.in_service_hours() ? null : this.counts_again();
			return again ? `${due} · ${__("counts again {0}", [ops_delivery.moment(again)])}` : due;
		}
	};
})();
