"""The extractor: text in, records out. The only inference path; the command line and spaCy stand on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sobujang.coreference import linked_labels
from sobujang.document import Document, Span, clean_text
from sobujang.errors import DocumentError
from sobujang.model import boundaries
from sobujang.model.backend import Backend, Encoded, OnnxBackend
from sobujang.model.config import ModelConfig
from sobujang.model.decoding import EdgeScores, Mention, assemble_document, with_one_label_a_surface
from sobujang.model.far_pairs import far_pairs
from sobujang.model.folder import CONFIG_FILE, TOKENIZER_FILE, check_folder, fingerprint
from sobujang.model.pairs import PairFinder, pair_features
from sobujang.model.subwords import Pieces, Subwords
from sobujang.model.tags import decode_tags
from sobujang.schema import Schema
from sobujang.text.tokens import tokenize
from sobujang.text.windows import Window, windows


@dataclass(slots=True)
class _Prepared:
    """One text on its way through the network."""

    document: Document
    pieces: Pieces
    sentence_starts: NDArray[np.int64]
    windows: list[Window]
    encoded: list[Encoded] = field(default_factory=list)


class Extractor:
    """Finds mentions, relations, comparisons and entities.

    Example:
        >>> extractor = Extractor.load("models/base")  # doctest: +SKIP
        >>> extractor.extract("한빛정밀은 커넥터를 일본산의 절반 가격에 납품한다.").comparisons  # doctest: +SKIP
    """

    def __init__(self, config: ModelConfig, subwords: Subwords, backend: Backend) -> None:
        """Joins the parts; `Extractor.load` is the usual way."""
        self.config = config
        self.schema = Schema.from_dict(config.schema, config.name)
        self._subwords = subwords
        self.backend = backend
        self._find_pairs = PairFinder(self.schema)
        linked = linked_labels(self.schema)
        self._folder: Path | None = None
        self._linked = {number for number, label in enumerate(self.schema.labels) if label in linked}

    @classmethod
    def load(cls, folder: str | Path, threads: int | None = None) -> Extractor:
        """Loads a model folder; reads nothing else, no network.

        Args:
            folder: what `sobujang train` wrote.
            threads: windows computed at the same time; by default the cores this process may use.

        Raises:
            ModelError: a file is missing, truncated or of another version.
        """
        folder = check_folder(Path(folder))
        config = ModelConfig.from_file(folder / CONFIG_FILE)
        extractor = cls(config, Subwords.from_file(folder / TOKENIZER_FILE), OnnxBackend(folder, threads))
        check_folder(folder, edges=bool(extractor.schema.edges))
        extractor._folder = folder
        return extractor

    @property
    def fingerprint(self) -> str:
        """Tells models apart: equal where the folders hold the same; of parts joined in memory the name.

        Raises:
            ModelError: the folder cannot be read any more.
        """
        return self.config.name if self._folder is None else fingerprint(self._folder)

    def extract(self, text: str | Document) -> Document:
        """Reads one text.

        Args:
            text: any string, of any length. Lone surrogates count as one character each and come back as U+FFFD.
                Of a `Document` the text, id, language and meta are taken; its annotation is not looked at.

        Returns:
            A new record whose text is the given one.

        Raises:
            DocumentError: the argument is no text.
        """
        return next(self.stream([text]))

    def stream(self, texts: Iterable[str | Document], batch_size: int = 32) -> Iterator[Document]:
        """Reads many texts, lazily and in order; the same records as `extract` gives one by one.

        Args:
            texts: strings or documents, of which only `batch_size` are held at a time. A string's id is its place.
            batch_size: documents that share a pass.

        Raises:
            DocumentError: one of them is no text, or `texts` is itself a string.
        """
        if isinstance(texts, str):
            raise DocumentError("stream takes many texts, but got one string; call extract(text) or stream([text])")
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        numbered = enumerate(texts)
        while batch := [_as_document(text, number) for number, text in islice(numbered, batch_size)]:
            yield from self._extract_batch(batch)

    def windows(self, texts: Iterable[str]) -> list[NDArray[np.int64]]:
        """What the encoder sees of texts: the piece ids of each window, end marks included."""
        return self._inputs(self._prepare([_as_document(text, number) for number, text in enumerate(texts)]))

    def relate(self, documents: Iterable[Document]) -> Iterator[Document]:
        """Finds the edges among mentions that are given: each document's spans are kept, all else is new."""
        for number, document in enumerate(documents):
            (prepared,) = self._prepare([_as_document(document, number)])
            self._encode([prepared])
            yield self._finish(prepared, _given_mentions(document, prepared.pieces, self.schema))

    def _extract_batch(self, documents: Sequence[Document]) -> Iterator[Document]:
        batch = self._prepare(documents)
        self._encode(batch)
        for prepared in batch:
            yield self._finish(prepared, self._find_mentions(prepared))

    def _prepare(self, documents: Sequence[Document]) -> list[_Prepared]:
        found = []
        tokens = tokenize(document.text for document in documents)
        for document, cut in zip(documents, tokens, strict=True):
            pieces = self._subwords(document.text, cut.spans)
            starts = pieces.token_starts[[first for first, _ in cut.sentences] + [len(cut.spans)]].astype(np.int64)
            limit = self.config.window - 2  # the end marks
            spread = windows(starts.tolist(), pieces.token_starts.tolist(), limit, min(self.config.overlap, limit - 1))
            found.append(_Prepared(document, pieces, starts, spread))
        return found

    def _inputs(self, batch: Iterable[_Prepared]) -> list[NDArray[np.int64]]:
        bos, eos = self._subwords.bos_id, self._subwords.eos_id
        return [
            np.concatenate([[bos], prepared.pieces.ids[window.start : window.end], [eos]]).astype(np.int64)
            for prepared in batch
            for window in prepared.windows
        ]

    def _encode(self, batch: list[_Prepared]) -> None:
        results = iter(self.backend.encode(self._inputs(batch)))
        for prepared in batch:
            prepared.encoded = list(islice(results, len(prepared.windows)))

    def _find_mentions(self, prepared: _Prepared) -> list[Mention]:
        spans, text = prepared.pieces.spans, prepared.document.text
        found: list[Mention] = []
        for window, encoded in zip(prepared.windows, prepared.encoded, strict=True):
            runs = [
                (first + window.start, end + window.start, label, score)
                for first, end, label, score in decode_tags(encoded.tags[1:-1])
            ]
            for first, end, label, score in boundaries.joined_in_brackets(runs, spans, text):
                first, end = boundaries.trimmed(first, end, spans)
                first, end = boundaries.whole_words(first, end, prepared.pieces, text, window)
                first, end = boundaries.balanced(first, end, spans, text)
                if first == end or not window.own_start <= first < window.own_end:
                    continue
                start, stop = int(spans[first, 0]), int(spans[end - 1, 1])
                # Two windows may each decide one end of a long sentence's mention.
                if not found or start >= found[-1].stop:
                    found.append(Mention(first, end, start, stop, label, score))
        return with_one_label_a_surface(found, text, self._linked)

    def _finish(self, prepared: _Prepared, mentions: list[Mention]) -> Document:
        placed = _Placed(prepared, mentions)
        edges = EdgeScores(len(self.schema.edges))
        for window, encoded in zip(prepared.windows, prepared.encoded, strict=True):
            (inside,) = np.nonzero((placed.firsts >= window.start) & (placed.ends <= window.end))
            pairs = self._find_pairs(
                placed.labels[inside], placed.sentences[inside], [placed.surfaces[i] for i in inside]
            )
            if not len(pairs.heads):
                continue
            columns = np.concatenate([np.stack([pairs.heads, pairs.tails], axis=1), pairs.features], axis=1)
            logits = self.backend.edges(encoded.hidden, placed.rows(inside, window), columns)
            edges.add(inside[pairs.heads], inside[pairs.tails], logits, pairs.allowed)
        self._add_far_pairs(prepared, placed, edges)
        return assemble_document(prepared.document, mentions, edges, self.schema, self.config)

    def _add_far_pairs(self, prepared: _Prepared, placed: _Placed, edges: EdgeScores) -> None:
        """Scores for coreference what no window holds together: the two windows are shown one behind the other."""
        ranges = list(zip(placed.firsts.tolist(), placed.ends.tolist(), strict=True))
        allowed = np.array([[edge.kind == "coreference" for edge in self.schema.edges]])
        own_starts = [window.own_start for window in prepared.windows]
        for pair in far_pairs(ranges, placed.labels.tolist(), placed.surfaces, prepared.windows, self._linked):
            # In the window that decides it a mention has most context.
            there, here = (
                int(np.searchsorted(own_starts, placed.firsts[number], side="right")) - 1
                for number in (pair.tail, pair.head)
            )
            tail = placed.rows(np.array([pair.tail]), prepared.windows[there])
            head = placed.rows(np.array([pair.head]), prepared.windows[here])
            hidden = [prepared.encoded[window].hidden for window in (there, here)]
            head[:, [0, 1, 3]] += len(hidden[0])
            apart = pair.head - pair.tail, placed.sentences[pair.head] - placed.sentences[pair.tail]
            features = pair_features([apart[0]], [apart[1]], [pair.likeness])
            columns = np.concatenate([np.array([[1, 0]]), features], axis=1)
            logits = self.backend.edges(np.concatenate(hidden), np.concatenate([tail, head]), columns)
            edges.add(np.array([pair.head]), np.array([pair.tail]), logits, allowed)


class _Placed:
    """Where the mentions of a text stand, as arrays: pieces, sentences, labels."""

    def __init__(self, prepared: _Prepared, mentions: Sequence[Mention]) -> None:
        text = prepared.document.text
        self.firsts = np.array([m.first for m in mentions], dtype=np.int64)
        self.ends = np.array([m.end for m in mentions], dtype=np.int64)
        self.labels = np.array([m.label for m in mentions], dtype=np.int64)
        self.surfaces = [text[m.start : m.stop] for m in mentions]
        self.sentences = np.searchsorted(prepared.sentence_starts, self.firsts, side="right")
        self._sentence_starts = prepared.sentence_starts

    def rows(self, numbers: NDArray[np.int64], window: Window) -> NDArray[np.int64]:
        """Mentions of a window as `Backend.edges` takes them, shape (mentions, 4)."""
        shift = 1 - window.start  # the opening mark
        stops = np.minimum(self._sentence_starts[self.sentences[numbers]], window.end)
        firsts, lasts = self.firsts[numbers], self.ends[numbers] - 1
        return np.stack([firsts + shift, lasts + shift, self.labels[numbers], stops + shift], axis=1)


def _as_document(text: str | Document, number: int) -> Document:
    if isinstance(text, Document):
        return Document(id=text.id, text=clean_text(text.text), lang=text.lang, meta=text.meta)
    if not isinstance(text, str):
        raise DocumentError(f"text {number} is {type(text).__name__}, not a string; pass a str or a sobujang.Document")
    return Document(id=str(number), text=clean_text(text))


def _given_mentions(document: Document, pieces: Pieces, schema: Schema) -> list[Mention]:
    """Mentions of a document as the network counts them, in text order; labels that the schema lacks are an error."""
    found = []
    for first, end, span in locate_spans(document.spans, pieces):
        if span.label not in schema.mentions:
            raise DocumentError(
                f"document {document.id!r}: span {span.id!r} has label {span.label!r}, "
                f"which the model does not know; its labels are {', '.join(schema.labels)}"
            )
        found.append(Mention(first, end, span.start, span.end, schema.labels.index(span.label), 1.0, span.id))
    return found


def locate_spans(spans: Iterable[Span], pieces: Pieces) -> Iterator[tuple[int, int, Span]]:
    """Finds the pieces of character spans.

    Yields:
        First piece, end piece and the span, in text order. Where a piece crosses a span's end it is taken whole: what
        can be expressed is in `tests/text`, and `sobujang audit` names the spans of a corpus that cannot.
    """
    starts, stops = pieces.spans[:, 0], pieces.spans[:, 1]
    of_tokens = frozenset(pieces.token_starts.tolist())
    for span in sorted(spans, key=lambda s: (s.start, s.end)):
        first = int(np.searchsorted(stops, span.start, side="right"))
        # A bare word mark stands at the very start of its token and belongs to it.
        while first not in of_tokens and starts[first - 1] == stops[first - 1] == starts[first]:
            first -= 1
        end = int(np.searchsorted(starts, span.end, side="left"))
        if first < end:
            yield first, end, span
