"""Opening an encrypted file of 10 MB beside a plain one (8.2.c.2): python benchmarks/sealed_files.py, with a bench's Python.

Needs no site: what is measured is reading, decrypting and comparing as the door of the files does it. Prints the middle of `--rounds`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import statistics
import tempfile
import time
from pathlib import Path

from ops_delivery.services.deliverables import sealed

MEGABYTES = 10


def main() -> None:
	"""Measure and print."""
	parser = argparse.ArgumentParser(description=__doc__)
	parser.add_argument("--rounds", type=int, default=15)
	rounds = parser.parse_args().rounds
	keys = {"one": os.urandom(32)}
	content = os.urandom(MEGABYTES << 20)
	with tempfile.TemporaryDirectory() as folder:
		plain, encrypted = Path(folder, "plain"), Path(folder, "encrypted")
		plain.write_bytes(content)
		begun = time.perf_counter()
		encrypted.write_bytes(sealed.seal(content, "one", keys))
		sealing = time.perf_counter() - begun
		as_it_is, opened = [], []
		for _round in range(rounds):
			as_it_is.append(_seconds(plain.read_bytes))
			opened.append(_seconds(lambda: sealed.opened(encrypted.read_bytes(), keys)))
	middle = [statistics.median(times) * 1000 for times in (as_it_is, opened)]
	print(f"load {os.getloadavg()[0]:.1f}; {MEGABYTES} MB: plain {middle[0]:.0f} ms, encrypted {middle[1]:.0f} ms, more {middle[1] - middle[0]:.0f} ms")
	print(f"slowest of {rounds}: {max(opened) * 1000:.0f} ms; encrypting and writing {sealing * 1000:.0f} ms")


def _seconds(read) -> float:
	begun = time.perf_counter()
	hashlib.md5(read(), usedforsecurity=False).hexdigest()
	return time.perf_counter() - begun


if __name__ == "__main__":
	main()
