import factories, frappe, planning, customers, looks, pytest, re, scenario, visiting
from test_words_on_forms import scene, PASSWORD

FIND = """words => { const out=[]; const root=document.querySelector('.page-container:not([style*="display: none"])');
 for (const el of document.querySelectorAll('.page-container *')) { if(!el.checkVisibility()) continue;
  const own=[...el.childNodes].filter(n=>n.nodeType===3).map(n=>n.data.trim()).join(' ');
  for (const w of words) if (own.startsWith(w)||(el.placeholder||'')===w||el.getAttribute('aria-label')===w||(el.title||'')===w) out.push(w+' :: '+(el.closest('[data-fieldname]')?.dataset.fieldname||'')+' :: '+el.outerHTML.slice(0,160)); }
 return [...new Set(out)].slice(0,20) }"""

def test_explore(open_page, scene):
	planning.approved()
	frappe.db.commit()
	page = open_page("/app", user=scene.manager, password=PASSWORD, language="zh")
	page.set_viewport_size({"width": 1440, "height": 900})
	with open("/tmp/explore2.txt", "w") as f:
		for doctype, slug, words in (("Service Review","service-review",["User","Approved"]),("Escalation Policy","escalation-policy",["null","User"]),("Service Agreement","service-agreement",["null"]),("Escalation Log","escalation-log",["Escalation Manager"]),("Service Acceptance","service-acceptance",["When the next"]),("Delivery Plan","delivery-plan",["From then"])):
			name = frappe.get_last_doc(doctype).name
			page.goto(f"/app/{slug}/" + name.replace("/", "%2F"))
			page.wait_for_function("window.cur_frm && cur_frm.doc && !frappe.request.ajax_count", timeout=15000)
			page.wait_for_timeout(600)
			page.evaluate("document.querySelectorAll('.section-head.collapsed').forEach(h => h.click())")
			f.write(f"{slug}: " + "\n     ".join(page.evaluate(FIND, words)) + "\n")
			page.shoot(slug)
	page.errors.clear()
