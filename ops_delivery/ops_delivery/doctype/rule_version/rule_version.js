// A version is read as its rule is: the stored text of it (JSON) is what fingerprints are taken of.
frappe.ui.form.on("Rule Version", {
	refresh(frm) {
		frm.disable_save();
		const html = frm.doc.__onload?.ops_content;
		frm.toggle_display("content", !html);
		frm.fields_dict.content_html.$wrapper.html(html || "");
	},
});
