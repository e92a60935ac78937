"""How long a search takes among many records: `PYTHONPATH=APP python APP/benchmarks/searching.py SITE [ENTRIES]`, from sites/.

Puts entries of Service Objects that are not there into the index (Chinese and Latin, 100,000 unless told otherwise), asks questions
that are rare, common and begun, says which index answered, and takes the entries away again.
"""

import random
import statistics
import sys
import time

import frappe

from ops_delivery.domain import search_words
from ops_delivery.services.search import entries, finding

KIND, MARK = "Service Object", "BENCH-"
ZH = "核心交换机 汇聚交换机 防火墙 打印机 服务器 存储阵列 虚拟机 数据库 断网 风扇故障 磁盘告警 无法登录 响应缓慢 蓝屏 重启 证书过期 备份失败 机房空调".split()
EN = "switch router firewall printer server storage database network outage fan failure disk alert login slow restart certificate backup".split()


def main(site: str, number: int) -> None:
	frappe.init(site=site)
	frappe.connect()
	try:
		fill(number)
		for said, text in (
			("a Chinese word that stands in half of the records", "风扇"),
			("two such words", "交换机 断网"),
			("Chinese and Latin", "打印机 certificate"),
			("a Latin word that is being typed", "certif"),
			("a number", f"{MARK}{number // 2:06d}"),
			("a sentence, any of its words", "核心交换机又断网了，打印机也不能用"),
		):
			wanted = search_words.asked(text)
			times = []
			for _turn in range(9):
				begun = time.perf_counter()
				rows = finding.candidates(wanted, [KIND], any_word="，" in text)
				finding.ordered(wanted, rows, text)
				times.append(time.perf_counter() - begun)
			print(f"{said}: {1000 * statistics.median(times):.0f} ms, {len(rows)} candidates")
		table = frappe.qb.DocType(entries.ENTRY)
		match = finding.Against(table.words, search_words.every(search_words.asked("风扇")))
		plan = frappe.db.sql(f"explain {frappe.qb.from_(table).select(table.name).where(match).get_sql()}", as_dict=True)[0]
		print("index:", plan.type, plan.key)
	finally:
		frappe.db.rollback()
		frappe.db.delete(entries.ENTRY, {"document_name": ["like", f"{MARK}%"]})
		frappe.db.commit()
		frappe.destroy()


def fill(number: int) -> None:
	if frappe.db.count(entries.ENTRY, {"document_name": ["like", f"{MARK}%"]}) >= number:
		return  # of a run that was killed
	chance, begun = random.Random(4711), time.perf_counter()
	for first in range(0, number, 500):
		rows = []
		for place in range(first, min(first + 500, number)):
			name = f"{MARK}{place:06d}"
			title = f"{chance.choice(ZH)} {chance.choice(EN)} {chance.randrange(10_000)}"
			body = " ".join(chance.choice(ZH if turn % 2 else EN) for turn in range(30))
			titles, words = search_words.column((name, title)), search_words.column((name, title, body))
			rows.append((entries.key_of(KIND, name), KIND, name, title, titles, words, None))
		entries.write(rows)
		frappe.db.commit()
	print(f"{number:,} entries written in {time.perf_counter() - begun:.0f} s")


if __name__ == "__main__":
	main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 100_000)
