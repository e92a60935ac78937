def request(doc): pass
def withdraw(doc): pass
