"""Finer tokens in a spaCy document, so that spans which begin or end inside a token can be spaCy spans."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span, SpanGroup
from thinc.api import get_array_module

# What a document holds beside its tokens and spans. Underscores and all: `Doc` declares them public.
_KEPT = (
    "cats",
    "sentiment",
    "tensor",
    "user_hooks",
    "user_token_hooks",
    "user_span_hooks",
    "noun_chunks_iterator",
    "has_unknown_spaces",
    "_context",
    "_vector",
    "_vector_norm",
)
_COLUMNS = ["HEAD", "DEP", "TAG", "POS", "MORPH", "LEMMA", "NORM", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID"]
_BEGIN, _INSIDE = 3, 1  # values of ENT_IOB


class _TokenSpan(NamedTuple):
    """A span without its document."""

    start: int
    end: int
    label: int
    kb_id: int
    id: int

    def on(self, doc: Doc) -> Span:
        return Span(doc, self.start, self.end, label=self.label, kb_id=self.kb_id, span_id=self.id)


def token_offsets(doc: Doc) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Character offsets of tokens without the space that may follow: starts and ends, each of shape (tokens,)."""
    starts = np.array([token.idx for token in doc], dtype=np.int64)
    return starts, starts + np.array([len(token) for token in doc], dtype=np.int64)


def split_tokens(doc: Doc, offsets: Iterable[int]) -> None:
    """Splits tokens in place at character offsets; an offset at a token's edge, in a space or outside changes nothing.

    The text stays as it is, and so does what other components said: entities, span groups, sentences, user data. The
    parts of a token share its tag, its morphology and its tensor row; the first takes its place in the dependency tree
    and the others hang on the first (`dep`). Tokens and spans taken out before are views of the old tokens.

    Not `Doc.retokenize`: each of its splits walks over the whole document (45 s for a Korean text of 50,000 words,
    a fraction of a second here), gives the later parts the tag, entity type and sentence start of the token that
    follows, leaves span groups at the old token numbers, and appends one tensor row too many.

    Args:
        doc: any document; its tokens become finer.
        offsets: in code points of `doc.text`, in any order.

    Example:
        >>> import spacy
        >>> doc = spacy.blank("xx")("한빛정밀은 커넥터를 만든다.")
        >>> split_tokens(doc, [0, 4, 6, 9])
        >>> [token.text for token in doc]
        ['한빛정밀', '은', '커넥터', '를', '만든다', '.']
    """
    starts, ends = token_offsets(doc)
    cuts = np.unique(np.fromiter(offsets, dtype=np.int64))
    cuts = cuts[np.searchsorted(starts, cuts, side="right") > np.searchsorted(ends, cuts, side="right")]
    cuts = np.setdiff1d(cuts, starts)
    if not len(cuts):
        return
    # Part i of the finer document comes from token parents[i]; token t becomes parts firsts[t] to firsts[t + 1].
    part_starts = np.sort(np.concatenate([starts, cuts]))
    parents = np.searchsorted(starts, part_starts, side="right") - 1
    firsts = np.append(np.searchsorted(part_starts, starts), len(part_starts))
    part_ends = np.minimum(np.append(part_starts[1:], ends[-1]), ends[parents])
    text = doc.text
    words = [text[start:end] for start, end in zip(part_starts.tolist(), part_ends.tolist(), strict=True)]
    spaces = (doc.to_array("SPACY")[parents].astype(bool) & (part_ends == ends[parents])).tolist()
    attributes, sentence_starts = _split_attributes(doc, words, parents, firsts)
    groups = {key: (group.name, group.attrs, _moved(group, firsts)) for key, group in doc.spans.items()}
    kept: dict[str, Any] = {name: getattr(doc, name) for name in _KEPT}
    if len(doc.tensor) == len(doc):
        arrays = get_array_module(doc.tensor)  # type: ignore[no-untyped-call]
        kept["tensor"] = doc.tensor[arrays.asarray(parents)]

    # Tokens taken out before point into the old array, which must not be freed under them.
    weakref.finalize(doc, id, doc.mem).atexit = False
    # `Doc` has no other way to take new tokens at once, and a component is expected to change the document it is given.
    doc.__init__(doc.vocab, words=words, spaces=spaces, user_data=doc.user_data)  # type: ignore[misc]
    for name, value in kept.items():
        setattr(doc, name, value)
    doc.from_array(list(_COLUMNS), attributes)
    doc.from_array("SENT_START", sentence_starts)  # after the heads, for it goes before what they imply
    for key, (name, attrs, spans) in groups.items():
        doc.spans[key] = SpanGroup(doc, name=name, attrs=attrs, spans=[span.on(doc) for span in spans])


def _split_attributes(
    doc: Doc, words: list[str], parents: NDArray[np.int64], firsts: NDArray[np.int64]
) -> tuple[Any, Any]:
    """Token attributes of the parts, shape (parts, columns), and their sentence starts, shape (parts,); both uint64."""
    attributes = doc.to_array(list(_COLUMNS)).astype(np.uint64)[parents]
    columns = {name: attributes[:, number] for number, name in enumerate(_COLUMNS)}
    parts = np.arange(len(parents))
    own_first = firsts[parents]
    later = parts != own_first
    if columns["DEP"].any():
        heads = columns["HEAD"].astype(np.int64) + parents  # relative to the token, in two's complement
        columns["HEAD"][:] = (np.where(later, own_first, firsts[heads]) - parts).astype(np.uint64)
        columns["DEP"][later] = doc.vocab.strings.add("dep")
    split = later | (np.append(later[1:], False))
    columns["NORM"][split] = 0  # back to the word's own
    for part in np.flatnonzero(split & (columns["LEMMA"] != 0)).tolist():
        columns["LEMMA"][part] = doc.vocab.strings.add(words[part])
    columns["ENT_IOB"][later & (columns["ENT_IOB"] == _BEGIN) & (columns["ENT_TYPE"] != 0)] = _INSIDE
    sentence_starts = doc.to_array("SENT_START").astype(np.int64)
    # Zeros say that nobody has looked for sentences; as spaCy has it, the first token of several does not count.
    searched = sentence_starts[len(doc) > 1 :].any()
    sentence_starts = np.where(later, -1 if searched else 0, sentence_starts[parents])
    return attributes, sentence_starts.astype(np.uint64)


def _moved(group: SpanGroup, firsts: NDArray[np.int64]) -> list[_TokenSpan]:
    return [
        _TokenSpan(int(firsts[span.start]), int(firsts[span.end]), span.label, span.kb_id, span.id) for span in group
    ]
