"""Replies of many languages, as text files: how much of the mails they quote is left, and how much of their own words is not.

	python benchmarks/replies.py FOLDER [--quoted FILE]

FILE is a JSON of file name -> what somebody else takes for quoted, such as another library. Without it each file's lines are
counted, those that are left and those that are not. Python alone, no site.
"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ops_delivery.domain.mail_quotes import own_words


def main() -> None:
	parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
	parser.add_argument("folder", type=Path)
	parser.add_argument("--quoted", type=Path)
	arguments = parser.parse_args()
	quoted = json.loads(arguments.quoted.read_text()) if arguments.quoted else {}
	totals = [0, 0, 0, 0]
	for path in sorted(arguments.folder.glob("*.txt")):
		text = path.read_text(errors="replace")
		theirs, left = set(lines(quoted.get(path.name, ""))), lines(own_words(text))
		found = [
			len([line for line in lines(text) if line in theirs]),
			len([line for line in left if line in theirs]),
			len([line for line in lines(text) if line not in theirs]),
			len([line for line in left if line not in theirs]),
		]
		totals = [total + number for total, number in zip(totals, found, strict=True)]
		print(f"{path.name}: quoted lines {found[0]}, left {found[1]}; others {found[2]}, left {found[3]}")
	print(f"all: quoted lines {totals[0]}, left {totals[1]}; others {totals[2]}, left {totals[3]}")


def lines(text: str) -> list[str]:
	return [line.strip() for line in text.splitlines() if line.strip()]


if __name__ == "__main__":
	main()
