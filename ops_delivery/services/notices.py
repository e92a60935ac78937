def post(doctype, name, key_point): pass
