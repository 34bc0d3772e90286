"""Dividing documents into training, development and test, so that no rare name stands in two of them."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from sobujang.coreference import clusters
from sobujang.corpora.span_edges import is_name
from sobujang.document import Document
from sobujang.errors import FormatError, SchemaError
from sobujang.outputs.files import replacing
from sobujang.schema import Schema

SHARES: Mapping[str, float] = {"train": 0.7, "dev": 0.1, "test": 0.2}

_HEADER = "id\tsplit"
# A name in more documents than this is common knowledge; tying all its documents would leave nothing to divide.
_RARE = 3
_WHOLE = ""
# The sizes of the splits count as much as so many strata, else rare strata would pull them from their shares.
_WHOLE_WEIGHT = 10


def make_splits(
    documents: Sequence[Document],
    schema: Schema,
    *,
    shares: Mapping[str, float] = SHARES,
    seed: int,
    distinct_labels: Sequence[str] = (),
    fixed: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Assigns each document to a split: alike in language, `meta["kind"]` and `meta["topic"]`, apart in names.

    Documents that share a name of `distinct_labels` which stands in at most three documents go to one split. A document
    that is tied to fixed documents follows them; tied to fixed documents of several splits, it goes to the first of
    these in the order of `shares`.

    Args:
        documents: with ids that are all different.
        schema: knows the `distinct_labels`.
        shares: name and share of each split; the shares add up to 1.
        seed: the same seed and documents give the same splits.
        distinct_labels: mention labels whose rare names may not stand in two splits.
        fixed: assignments to keep, by document id; ids that are not among `documents` are left out.

    Returns:
        The split of each document id, in the order of `documents`.

    Raises:
        SchemaError: a distinct label is not in the schema, or a fixed split not among the shares.
        ValueError: the shares are not positive or do not add up to 1.

    Example:
        >>> documents = [Document(id=f"d{n}", text="x", lang="ko") for n in range(10)]
        >>> splits = make_splits(documents, Schema.default(), seed=1)
        >>> sorted(splits.values())
        ['dev', 'test', 'test', 'train', 'train', 'train', 'train', 'train', 'train', 'train']
    """
    if not shares or min(shares.values()) <= 0 or not math.isclose(sum(shares.values()), 1.0, abs_tol=1e-6):
        raise ValueError(f"shares must be positive and add up to 1, not {dict(shares)}")
    if unknown := [label for label in distinct_labels if label not in schema.mentions]:
        raise SchemaError(
            f"distinct label {unknown[0]!r} is not in schema {schema.name!r}; it has {', '.join(schema.labels)}"
        )
    if repeated := [id_ for id_, count in Counter(d.id for d in documents).items() if count > 1]:
        raise FormatError(f"document id {repeated[0]!r} stands twice; give each document its own")
    present = {document.id for document in documents}
    assigned = {id_: split for id_, split in (fixed or {}).items() if id_ in present}
    if strange := sorted(set(assigned.values()) - set(shares)):
        raise SchemaError(f"a fixed split is called {strange[0]!r}, but the shares know {', '.join(shares)}")
    strata = {document.id: _strata(document) for document in documents}
    free = []
    for group in _tied_documents(documents, frozenset(distinct_labels)):
        splits = {assigned[i] for i in group if i in assigned}
        if not splits:
            free.append(group)
            continue
        followed = min(splits, key=list(shares).index)
        assigned |= {id_: followed for id_ in group if id_ not in assigned}
    found = _deal(free, assigned, strata, shares, seed)
    return {document.id: found[document.id] for document in documents}


def _strata(document: Document) -> tuple[str, str, str]:
    """What the splits are to be alike in: the whole, language with kind, and topic."""
    return (_WHOLE, f"{document.lang}\t{document.meta.get('kind')}", f"{document.meta.get('topic')}")


def _tied_documents(documents: Sequence[Document], labels: frozenset[str]) -> list[list[str]]:
    """Groups of document ids that rare names tie together, in the order of the documents."""
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for document in documents:
        surfaces = {document.surface(span.id) for span in document.spans if span.label in labels}
        for surface in sorted(surfaces):
            if is_name(surface):
                holders[surface].append(document.id)
    links = [(document.id, document.id) for document in documents]
    for ids in holders.values():
        if len(ids) <= _RARE:
            links += [(ids[0], other) for other in ids[1:]]
    place = {document.id: number for number, document in enumerate(documents)}
    return [sorted(group, key=place.__getitem__) for group in clusters(links)]


def _deal(
    groups: Sequence[Sequence[str]],
    assigned: Mapping[str, str],
    strata: Mapping[str, Sequence[str]],
    shares: Mapping[str, float],
    seed: int,
) -> dict[str, str]:
    """Iterative stratification (Sechidis et al. 2011) of groups: each goes to the split that lacks its strata most.

    Args:
        groups: document ids that stay together and have no split yet.
        assigned: the split of every other document.
        strata: of each document.
        shares: name and share of each split.
        seed: of the order among groups that are alike.

    Returns:
        The split of each document.
    """
    totals = Counter(stratum for several in strata.values() for stratum in several)
    lacking = {name: {stratum: share * count for stratum, count in totals.items()} for name, share in shares.items()}

    def put(id_: str, name: str) -> None:
        for stratum in strata[id_]:
            lacking[name][stratum] -= 1

    def want(name: str, group: Sequence[str]) -> float:
        return sum(
            (_WHOLE_WEIGHT if stratum == _WHOLE else 1) * lacking[name][stratum] / totals[stratum] / shares[name]
            for id_ in group
            for stratum in strata[id_]
        )

    found = dict(assigned)
    for id_, name in assigned.items():
        put(id_, name)
    order = random.Random(seed).sample(list(groups), len(groups))
    # What is hardest to place comes first: large groups, then those of rare strata.
    order.sort(key=lambda group: (-len(group), min(totals[stratum] for id_ in group for stratum in strata[id_])))
    for left, group in zip(range(len(order), 0, -1), order, strict=True):
        # The last groups are for the splits that are still empty.
        empty = [name for name in shares if name not in found.values()]
        candidates = empty if left <= len(empty) else list(shares)
        chosen = max(candidates, key=lambda name: want(name, group))
        for id_ in group:
            found[id_] = chosen
            put(id_, chosen)
    return found


def write_splits(path: str | Path, splits: Mapping[str, str]) -> None:
    """Writes assignments as two columns, `id` and `split`, with a header line.

    Raises:
        FormatError: an id or a split holds a tab or a line break.
        OutputError: the file cannot be written.
    """
    for cell in (cell for row in splits.items() for cell in row):
        if not cell or any(character in cell for character in "\t\n\r"):
            raise FormatError(f"{cell!r} cannot stand in a table: empty, or with a tab or line break; rename it", path)
    rows = [_HEADER, *(f"{id_}\t{split}" for id_, split in splits.items())]
    with replacing(path) as append:
        append("".join(f"{row}\n" for row in rows).encode())


def read_splits(path: str | Path) -> dict[str, str]:
    """Reads what `write_splits` wrote.

    Raises:
        FormatError: with file and line, where the header or a row is not of the form, or an id stands twice.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FormatError(f"cannot read: {error.strerror}", path) from None
    except UnicodeDecodeError as error:
        raise FormatError(f"not UTF-8 at byte {error.start}; save the file as UTF-8", path) from None
    header, *rows = text.split("\n")
    if header != _HEADER:
        raise FormatError("the first line must be 'id', a tab, 'split'", path, 1)
    splits: dict[str, str] = {}
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        cells = row.split("\t")
        if len(cells) != 2 or not all(cells):
            raise FormatError(f"{row!r} is not an id, a tab and a split", path, number)
        if cells[0] in splits:
            raise FormatError(f"document {cells[0]!r} stands twice; keep one line", path, number)
        splits[cells[0]] = cells[1]
    return splits
