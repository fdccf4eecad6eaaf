"""What a query demands, in tantivy's own terms."""

import re
from collections.abc import Iterable

import tantivy
from tantivy import FieldType, Occur
from tantivy import Query as Clause

from portal.kernel.search import shared
from portal.kernel.search.bigrams import Phrase
from portal.kernel.search.port import Schema
from portal.kernel.search.query import Choice, Every, Node, Without, Word

MOST_TERMS = 16
"""From more values on, one set is faster than so many terms."""


def clause_of(schema: Schema, fields: tantivy.Schema, asked: shared.Asked) -> Clause:
    """Everything but the filters: what was written, and the dates."""
    wanted = [_node(schema, fields, asked.parsed.root)] if asked.parsed.root else []
    if asked.query.since or asked.query.until:
        wanted.append(
            Clause.range_query(
                fields,
                f"d_{schema.dates[0]}",
                FieldType.Unsigned,
                lower_bound=asked.query.since.toordinal() if asked.query.since else None,
                upper_bound=asked.query.until.toordinal() if asked.query.until else None,
            )
        )
    return all_of(wanted or [Clause.all_query()])


def all_of(clauses: list[Clause]) -> Clause:
    """What fits every clause."""
    return clauses[0] if len(clauses) == 1 else _bool(Occur.Must, clauses)


def one_of(fields: tantivy.Schema, facet: str, held: list[str]) -> Clause:
    """What has one of these values; it does not weigh in the score."""
    if len(held) > MOST_TERMS:
        return Clause.const_score_query(Clause.term_set_query(fields, f"f_{facet}", held), 0.0)
    terms = [Clause.term_query(fields, f"f_{facet}", value) for value in held]
    return Clause.const_score_query(terms[0] if len(terms) == 1 else _bool(Occur.Should, terms), 0.0)


def narrowed(fields: tantivy.Schema, base: Clause, filters: dict[str, list[str]], *, without: str = "") -> Clause:
    """*base* under every filter, or every one but that of one facet."""
    return all_of([base, *(one_of(fields, facet, held) for facet, held in filters.items() if facet != without)])


def any_text(schema: Schema, fields: tantivy.Schema, phrase: Phrase, names: Iterable[str]) -> Clause:
    """What holds the phrase in one of the text fields; the first field of the schema counts double."""
    names = list(names)
    clauses = [_phrase(fields, f"t_{name}", phrase) for name in names]
    weighted = [
        Clause.boost_query(clause, 2.0) if name == schema.text[0] else clause
        for name, clause in zip(names, clauses, strict=True)
    ]
    return weighted[0] if len(weighted) == 1 else Clause.disjunction_max_query(weighted)


def _node(schema: Schema, fields: tantivy.Schema, node: Node) -> Clause:
    if isinstance(node, Word):
        return any_text(schema, fields, node.phrase, [node.field] if node.field else schema.text)
    if isinstance(node, Choice):
        return one_of(fields, node.facet, [shared.held(node.value)])
    if isinstance(node, Without):
        unwanted = _node(schema, fields, node.part)
        everything = Clause.const_score_query(Clause.all_query(), 0.0)
        return Clause.boolean_query([(Occur.Must, everything), (Occur.MustNot, unwanted)])
    parts = [_node(schema, fields, part) for part in node.parts]
    return _bool(Occur.Must if isinstance(node, Every) else Occur.Should, parts)


def _bool(occur: Occur, clauses: list[Clause]) -> Clause:
    return Clause.boolean_query([(occur, clause) for clause in clauses])


def _phrase(fields: tantivy.Schema, name: str, phrase: Phrase) -> Clause:
    *first, last = phrase.words
    if not phrase.is_open:
        if not first:
            return Clause.term_query(fields, name, last)
        return Clause.phrase_query(fields, name, list(phrase.words))
    if not first:
        return Clause.regex_query(fields, name, f"{re.escape(last)}.*")
    return Clause.regex_phrase_query(fields, name, [*map(re.escape, first), f"{re.escape(last)}.*"])
