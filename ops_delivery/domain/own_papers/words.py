"""What a tag may say: names of the offer, ticks and comparisons. No calls, no attributes, no arithmetic (8.2.e).

The same allow-list is asked twice: with the place while a template is checked, and of whatever is compiled when one is filled in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from jinja2 import Environment, TemplateSyntaxError, nodes

from ops_delivery.domain.own_papers.offer import GROUP, LOOP, LOOP_PARTS, TABLE, TEXT, TICK, Node, Offer

FILTERS = ("default", "length", "lower", "trim", "upper")
COMPARED = ("eq", "ne", "gt", "lt", "gteq", "lteq")
LONGEST = 400  # characters of a tag
ALLOWED = (
	nodes.Template,
	nodes.Output,
	nodes.TemplateData,
	nodes.For,
	nodes.If,
	nodes.Name,
	nodes.Getattr,
	nodes.Const,
	nodes.Compare,
	nodes.Operand,
	nodes.And,
	nodes.Or,
	nodes.Not,
	nodes.Filter,
	nodes.CondExpr,
	nodes.Concat,
	nodes.EvalContextModifier,
)
LOOP_NODE = Node(GROUP, parts={name: Node(TICK if name in ("first", "last") else TEXT) for name in LOOP_PARTS})
Found = tuple[str, dict[str, Any]]


def first_refused(tree: nodes.Node) -> tuple[str, str] | None:
	"""(code, what) of the first thing in a compiled template that none may hold; None where all is well."""
	for node in _all(tree):
		if refused := _refused(node):
			return refused
	return None


def _all(tree: nodes.Node) -> Iterator[nodes.Node]:
	todo = [tree]
	while todo:
		node = todo.pop()
		yield node
		todo.extend(node.iter_child_nodes())


def _refused(node: nodes.Node) -> tuple[str, str] | None:
	match node:
		case nodes.Call():
			return "calls", _written(node.node)
		case nodes.Getattr(attr=name) | nodes.Name(name=name) if name.startswith("_"):
			return "reaches", name
		case nodes.Getitem():
			return "brackets", _written(node.node)
		case nodes.Filter(name=name) if name not in FILTERS:
			return "filter", name
		case nodes.Operand(op=op) if op not in COMPARED:
			return "not_allowed", op
		case nodes.For(recursive=True):
			return "endless", LOOP
		case nodes.For(test=test) if test is not None:
			return "not_allowed", "for … if"
		case nodes.Const(value=value) if not isinstance(value, str | int | float | bool | None):
			return "not_allowed", str(value)
	return None if isinstance(node, ALLOWED) else ("not_allowed", type(node).__name__.lower())


class Reader:
	"""Reads the expressions of one template's tags. `offer`: what the record type gives."""

	def __init__(self, offer: Offer):
		self.offer = offer
		self.engine = Environment(extensions=())

	def printed(self, text: str, scope: Mapping[str, Node]) -> Iterator[Found]:
		"""What is wrong with an expression that is to be printed."""
		tree = self._tree(text)
		if not isinstance(tree, nodes.Node):
			yield tree
			return
		yield from self._wrong(tree, scope)
		if (node := self.node(tree, scope)) and node.kind in (TABLE, GROUP):
			yield "not_text", {"name": _written(tree), "kind": node.kind, "like": _inside(tree, node)}

	def asked(self, text: str, scope: Mapping[str, Node]) -> Iterator[Found]:
		"""What is wrong with a condition."""
		tree = self._tree(text)
		if isinstance(tree, nodes.Node):
			yield from self._wrong(tree, scope)
		else:
			yield tree

	def looped(self, text: str, scope: Mapping[str, Node], inside: bool) -> tuple[Node | None, list[Found]]:
		"""(the table, what is wrong) of what a loop goes through. `inside`: of another loop, where only tables of its rows may be."""
		tree = self._tree(text)
		if not isinstance(tree, nodes.Node):
			return None, [tree]
		if isinstance(tree, nodes.Call):
			return None, [("endless", {"name": _written(tree.node)})]
		found = list(self._wrong(tree, scope))
		node = self.node(tree, scope)
		if found or not isinstance(tree, nodes.Name | nodes.Getattr) or node is None:
			return None, found or [("no_table", {"name": text.strip()})]
		if node.kind != TABLE:
			return None, [("no_table", {"name": _written(tree)})]
		root = tree
		while isinstance(root, nodes.Getattr):
			root = root.node
		if inside and root.name not in scope:
			return node, [("loop_in_loop", {"name": _written(tree)})]
		return node, []

	def node(self, tree: nodes.Node, scope: Mapping[str, Node]) -> Node | None:
		"""What a plain name stands for; None for anything else and for what there is not."""
		match tree:
			case nodes.Name(name=name):
				return scope.get(name) or (LOOP_NODE if name == LOOP and scope else self.offer.get(name))
			case nodes.Getattr(node=inner, attr=name):
				above = self.node(inner, scope)
				return above.parts.get(name) if above and above.kind == GROUP else None
		return None

	def _tree(self, text: str) -> nodes.Node | Found:
		try:
			body = self.engine.parse("{{ " + text + " }}").body
		except TemplateSyntaxError as error:
			return "syntax", {"why": str(error.message)[:200]}
		except RecursionError:
			return "syntax", {"why": "too deep"}
		if len(body) == 1 and isinstance(body[0], nodes.Output) and len(body[0].nodes) == 1 and not isinstance(body[0].nodes[0], nodes.TemplateData):
			return body[0].nodes[0]
		return "syntax", {"why": "not one expression"}

	def _wrong(self, tree: nodes.Node, scope: Mapping[str, Node]) -> Iterator[Found]:
		if refused := first_refused(tree):
			yield refused[0], {"name": refused[1]}
			return
		yield from self._unknown(tree, scope)

	def _unknown(self, tree: nodes.Node, scope: Mapping[str, Node]) -> Iterator[Found]:
		if not isinstance(tree, nodes.Name | nodes.Getattr):
			for child in tree.iter_child_nodes():
				yield from self._unknown(child, scope)
			return
		chain = [tree]
		while isinstance(chain[-1], nodes.Getattr):
			chain.append(chain[-1].node)
		if not isinstance(chain[-1], nodes.Name):
			yield "reaches", {"name": _written(tree)}
			return
		if self.node(chain[-1], scope) is None:
			if chain[-1].name == LOOP:
				yield "loop_outside", {}
			else:
				yield "unknown", {"name": _written(tree), "like": _like(chain[-1].name, {**self.offer, **scope})}
			return
		for part, above in zip(chain[-2::-1], chain[:0:-1], strict=True):
			if self.node(part, scope) is not None:
				continue
			holder = self.node(above, scope)
			if holder.kind == GROUP:
				like = _like(part.attr, holder.parts)
				yield "unknown", {"name": _written(tree), "like": f"{_written(above)}.{like}" if like else ""}
			elif holder.kind == TABLE:
				yield "unlooped", {"name": _written(tree), "table": _written(above)}
			else:
				yield "reaches", {"name": _written(tree)}
			return


def _written(node: nodes.Node) -> str:
	match node:
		case nodes.Name(name=name):
			return name
		case nodes.Getattr(node=inner, attr=name):
			return f"{_written(inner)}.{name}"
		case nodes.Getitem(node=inner):
			return f"{_written(inner)}[…]"
		case nodes.Call(node=inner):
			return f"{_written(inner)}()"
		case nodes.Const(value=value):
			return str(value)[:40]
	return "…"


def _inside(tree: nodes.Node, node: Node) -> str:
	return f"{_written(tree)}.{next(iter(node.parts), '…')}" if node.kind == GROUP else ""


def _like(name: str, known: Mapping[str, Any]) -> str:
	return next(iter(get_close_matches(name, list(known), 1, 0.6)), "")
