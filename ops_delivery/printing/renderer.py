"""Pages to PDF in a process beside this one: the one place that knows how WeasyPrint is reached.

A process of Frappe's starts a helper with its first PDF and keeps it for the next ones; it ends when nothing was
printed for some minutes, or with the process that started it. A page that is not done in time is ended with its helper.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from typing import Any

IDLE_SECONDS = 300
FEWEST_SECONDS = 0.1
Fetch = Callable[[str], tuple[bytes, str]]


class TooSlow(Exception):
	"""The pages were not done in the time they had, or wanted more memory or depth than they may have."""


class Failed(Exception):
	"""WeasyPrint gave up on a page; the text says why."""


class Missing(Exception):
	"""WeasyPrint cannot be loaded, or its process cannot be started; the text says why."""


class Renderer:
	"""One helper process."""

	def __init__(self) -> None:
		self.connection, theirs = Pipe()
		worker = Path(__file__).with_name("render_worker.py")
		try:
			self.process = subprocess.Popen(
				[sys.executable, str(worker), str(theirs.fileno())],
				pass_fds=[theirs.fileno()],
				stdin=subprocess.DEVNULL,
				stdout=subprocess.DEVNULL,
				start_new_session=True,  # Ctrl+C is for the one who waits, who then ends this one
			)
		finally:
			theirs.close()
		self.ready, self.until = False, 0.0
		self.timer: threading.Timer | None = None

	def allow(self, seconds: float) -> None:
		"""So long may take what comes next, all together."""
		self.until = time.monotonic() + seconds

	def lay_out(self, page: str, css: str, base: str, fetch: Fetch) -> int:
		"""Lay out a page and keep it for write(); the number of its sheets. TooSlow, Failed, Missing."""
		self.ask(page, css, base)
		return self.answer(fetch)

	def ask(self, page: str, css: str, base: str) -> None:
		"""Begin to lay out a page; answer() comes next."""
		self._say({"page": page, "css": css, "base": base})

	def answer(self, fetch: Fetch) -> int:
		"""The number of sheets of the page that was asked for, once it is laid out."""
		return self._answer(fetch)["pages"]

	def write(self) -> bytes:
		"""All that was laid out since the last time as one PDF. TooSlow, Failed, Missing."""
		self.ask_to_write()
		return self.written()

	def ask_to_write(self) -> None:
		"""Begin to write; written() comes next."""
		self._say({"write": True})

	def written(self) -> bytes:
		"""The PDF that was asked for, once it is written."""
		self._answer(None)
		return self._receive()

	def end(self) -> None:
		"""End the process, whatever it does."""
		if self.timer:
			self.timer.cancel()
		self.connection.close()
		self.process.kill()
		self.process.wait()

	def _answer(self, fetch: Fetch | None) -> dict[str, Any]:
		while True:
			answer = json.loads(self._receive())
			if "file" in answer:
				self._give(answer["file"], fetch)
			elif "missing" in answer:
				raise Missing(answer["missing"])
			elif "endless" in answer:
				raise TooSlow
			elif "error" in answer:
				raise Failed(answer["error"])
			elif "ready" in answer:
				self.ready = True
			else:
				return answer

	def _give(self, address: str, fetch: Fetch | None) -> None:
		try:
			if not fetch:
				raise ValueError(address)
			content, kind = fetch(address)
		except (ValueError, OSError):
			self._say({"file": False})
			return
		self._say({"file": True, "type": kind})
		self.connection.send_bytes(content)

	def _say(self, message: dict[str, Any]) -> None:
		try:
			self.connection.send_bytes(json.dumps(message).encode())
		except OSError:
			if self.connection.poll(0):
				return  # it left a word on its way out
			raise Missing(f"exit code {self.process.wait()}") from None

	def _receive(self) -> bytes:
		if not self.connection.poll(max(self.until - time.monotonic(), FEWEST_SECONDS)):
			raise TooSlow
		try:
			return self.connection.recv_bytes()
		except (EOFError, OSError):
			if self.ready:
				raise TooSlow from None  # it ended in the middle of a page: out of memory, as a rule
			raise Missing(f"exit code {self.process.wait()}") from None


_idle: list[Renderer] = []
_lock = threading.Lock()


@contextmanager
def renderer(seconds: float) -> Iterator[Renderer]:
	"""A helper of one's own for a while. It is kept for the next one unless something went wrong."""
	one = _take()
	one.allow(seconds)
	try:
		yield one
	except BaseException:
		one.end()
		raise
	_put_back(one)


def start() -> None:
	"""Have a helper ready soon: call it before the work that comes before the first PDF."""
	with _lock:
		waiting = bool(_idle)
	if not waiting:
		_put_back(Renderer())


def end_idle() -> None:
	"""End the helper that waits for the next page."""
	with _lock:
		waiting, _idle[:] = list(_idle), []
	for one in waiting:
		one.end()


def _take() -> Renderer:
	with _lock:
		one = _idle.pop() if _idle else None
	if not one:
		return Renderer()
	if one.timer:
		one.timer.cancel()
	if one.process.poll() is None:
		return one
	one.end()
	return Renderer()


def _put_back(one: Renderer) -> None:
	with _lock:
		wanted = not _idle
		if wanted:
			one.timer = threading.Timer(IDLE_SECONDS, _retire, (one,))
			one.timer.daemon = True
			one.timer.start()
			_idle.append(one)
	if not wanted:
		one.end()


def _retire(one: Renderer) -> None:
	with _lock:
		if one not in _idle:
			return
		_idle.remove(one)
	one.end()


# a forked process has no part in its parent's helper
os.register_at_fork(after_in_child=_idle.clear)
