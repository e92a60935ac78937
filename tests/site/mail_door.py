"""A mail server at the door: it speaks SMTP on a port of this machine, and takes mails or refuses them."""

import socketserver
import threading
from contextlib import contextmanager


class MailDoor:
	"""`taken` are the messages it took while `refuses` was False."""

	def __init__(self):
		self.refuses, self.taken = True, []
		door = self

		class Session(socketserver.StreamRequestHandler):
			def handle(self):
				self.say("220 door.example.com")
				while line := self.rfile.readline().decode(errors="replace").strip():
					word = line.split(":")[0].split()[0].upper()
					if word == "DATA":
						self.say("354 go on")
						lines = iter(self.rfile.readline, b".\r\n")
						door.taken.append(b"".join(lines))
						self.say("250 taken")
					elif word == "RCPT" and door.refuses:
						self.say("550 5.7.1 this server takes no mail from you")
					elif word == "QUIT":
						return self.say("221 bye")
					else:
						self.say("250 ok")

			def say(self, text):
				self.wfile.write(f"{text}\r\n".encode())

		self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
		self.server.daemon_threads = True
		self.port = self.server.server_address[1]


@contextmanager
def open_door():
	"""with open_door() as door: a server at door.port that refuses until door.refuses is set to False."""
	door = MailDoor()
	thread = threading.Thread(target=door.server.serve_forever, daemon=True)
	thread.start()
	try:
		yield door
	finally:
		door.server.shutdown()
		door.server.server_close()
