"""Dividing documents into training, development and test, so that no rare name stands in two of them."""

from __future__ import annotations

import math
import random
import warnings
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
_MOST_FOLDS = 20


def make_splits(
    documents: Sequence[Document],
    schema: Schema,
    *,
    shares: Mapping[str, float] = SHARES,
    seed: int,
    distinct_labels: Sequence[str] = (),
    fixed: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Assigns each document to a split: alike in language and kind (`meta["kind"]`), apart in names.

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
    groups = _tied_documents(documents, frozenset(distinct_labels))
    free = []
    for group in groups:
        splits = {assigned[i] for i in group if i in assigned}
        if not splits:
            free.append(group)
            continue
        followed = min(splits, key=list(shares).index)
        assigned |= {id_: followed for id_ in group if id_ not in assigned}
    filled = Counter(assigned.values())
    folds = _folds(free, {document.id: _stratum(document) for document in documents}, shares, seed)
    for left, fold in zip(range(len(folds), 0, -1), folds, strict=True):
        # The split that lacks most takes the next fold: with folds of one size this gives each its share. The last
        # folds are for the splits that are still empty.
        empty = [name for name in shares if not filled[name]]
        candidates = empty if left <= len(empty) else list(shares)
        split = max(candidates, key=lambda name: shares[name] * len(documents) - filled[name])
        filled[split] += len(fold)
        assigned.update(dict.fromkeys(fold, split))
    return {document.id: assigned[document.id] for document in documents}


def _stratum(document: Document) -> str:
    return f"{document.lang}\t{document.meta.get('kind')}"


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


def _folds(
    groups: Sequence[Sequence[str]], stratum: Mapping[str, str], shares: Mapping[str, float], seed: int
) -> list[list[str]]:
    """Parts of about one size that are alike in their strata and break no group; singly where too few for that."""
    ids = [id_ for group in groups for id_ in group]
    strata = [stratum[id_] for id_ in ids]
    wanted = _fold_count(shares)
    count = min(wanted, len(groups), max(Counter(strata).values(), default=0))
    # Fewer folds than splits leave a split empty, and much coarser ones than wanted give a small split far too much.
    if count < max(2, len(shares), wanted / 2):
        return sorted(random.Random(seed).sample(list(map(list, groups)), len(groups)), key=len, reverse=True)
    from sklearn.model_selection import StratifiedGroupKFold  # here, because reading a corpus need not load it

    group_of = [number for number, group in enumerate(groups) for _ in group]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class", category=UserWarning)
        divided = StratifiedGroupKFold(count, shuffle=True, random_state=seed).split(ids, strata, group_of)
        parts = [[ids[row] for row in rows.tolist()] for _, rows in divided]
    return sorted(filter(None, parts), key=len, reverse=True)


def _fold_count(shares: Mapping[str, float]) -> int:
    """The smallest number of folds that can be dealt out in these shares."""

    def error(count: int) -> float:
        return max(abs(share - max(1, round(share * count)) / count) for share in shares.values())

    counts = range(2, _MOST_FOLDS + 1)
    return next((count for count in counts if error(count) < 0.005), min(counts, key=error))


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
