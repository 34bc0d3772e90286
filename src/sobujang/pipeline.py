"""The spaCy component `sobujang`: what the extractor finds, as entities, span groups and document attributes.

spaCy imports this module for every pipeline that is built where it is installed, so nothing heavy is imported here.
"""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.language import Language
from spacy.pipeline import Pipe
from spacy.tokens import Doc, DocBin, Span, SpanGroup
from spacy.util import filter_spans

import sobujang
from sobujang.document import Comparison, Document, Entity, Relation
from sobujang.errors import DocumentError, FormatError, SobujangError
from sobujang.retokenization import split_tokens, token_offsets
from sobujang.schema import Schema

if TYPE_CHECKING:
    from sobujang.extractor import Extractor

SPANS_KEY = "sobujang"
"""Where in `doc.spans` the mentions are."""

_USER_DATA_KEY = "sobujang.record"


@Language.factory(
    "sobujang",
    default_config={"model": None, "batch_size": 32, "overwrite_ents": True, "threads": None},
    assigns=[
        "doc.ents",
        "doc.spans",
        "doc._.sobujang",
        "doc._.relations",
        "doc._.comparisons",
        "doc._.entities",
        "doc._.mention",
        "token.ent_iob",
        "token.ent_type",
    ],
    retokenizes=True,
)
def create_sobujang(
    nlp: Language, name: str, model: str | None, batch_size: int, overwrite_ents: bool, threads: int | None
) -> SobujangPipe:
    """Makes the component for `nlp.add_pipe("sobujang", config={…})`.

    Args:
        nlp: the pipeline; any language, any tokenizer.
        name: the component's name in it.
        model: a model folder; by default the model that ships with the package. It is kept as it is written here, so
            a pipeline that is to be loaded from another working directory wants an absolute path. A saved pipeline
            whose model has moved: `spacy.load(path, config={"components.sobujang.model": "new/folder"})`.
        batch_size: most documents that share a pass and are held at a time, however many spaCy would hold.
        overwrite_ents: an entity that an earlier component found and that shares a token with a mention gives way to
            it; if false, the mention stays out of `doc.ents`. Other earlier entities stay in any case, and
            `doc.spans["sobujang"]` always has all mentions.
        threads: as in `sobujang.load`; 1 is best with `nlp.pipe(n_process=…)`.

    Raises:
        ModelError: the model cannot be loaded.

    Example:
        >>> import spacy
        >>> nlp = spacy.blank("xx")
        >>> _ = nlp.add_pipe("sobujang", config={"model": "models/base"})  # doctest: +SKIP
        >>> doc = nlp("한빛정밀은 커넥터를 일본산의 절반 가격에 납품한다.")  # doctest: +SKIP
        >>> doc._.mention(doc._.comparisons[0]["item"][0])  # doctest: +SKIP
        커넥터
    """
    return SobujangPipe(name, model=model, batch_size=batch_size, overwrite_ents=overwrite_ents, threads=threads)


class SobujangPipe(Pipe):
    """The component; `nlp.add_pipe("sobujang")` makes it.

    A document that went through it has

    - `doc.ents` and `doc.spans["sobujang"]`: the mentions, each with its label and, as `id_`, its id in the record;
      the group's `attrs["scores"]` are their probabilities;
    - `doc._.sobujang`: the whole record, a `sobujang.Document`; None where the component was not run;
    - `doc._.relations`, `doc._.comparisons`, `doc._.entities`: the parts of the record, whose ids
    - `doc._.mention("T1")` turns into spaCy spans.

    Tokens are split where a mention begins or ends inside one; `doc.text` never changes. The record's id is a hash of
    the text. All of it survives `Doc.to_bytes`, and `DocBin(store_user_data=True)`, after `add_extensions()` in a
    process without the component.

    spaCy itself refuses texts with lone surrogates (UnicodeEncodeError, when the document is made); pass them through
    `sobujang.document.clean_text`, which leaves all offsets as they are.
    """

    def __init__(
        self,
        name: str = "sobujang",
        *,
        model: str | None = None,
        batch_size: int = 32,
        overwrite_ents: bool = True,
        threads: int | None = None,
    ) -> None:
        """Loads the model; the arguments are those of `create_sobujang`."""
        if batch_size < 1:
            raise ValueError(f"batch_size must be at least 1, not {batch_size}")
        self.name = name
        self._model = model
        self._batch_size = batch_size
        self._overwrite_ents = overwrite_ents
        self._threads = threads
        self._load()
        add_extensions()

    def _load(self) -> Extractor:
        self._process = os.getpid()
        self._extractor = sobujang.load(self._model, self._threads)
        return self._extractor

    @property
    def extractor(self) -> Extractor:
        """The extractor behind the component; in a forked worker a new one, for threads do not survive a fork."""
        return self._extractor if self._process == os.getpid() else self._load()

    @property
    def labels(self) -> tuple[str, ...]:
        """The mention labels."""
        return self._extractor.schema.labels

    def __call__(self, doc: Doc) -> Doc:
        """Annotates one document in place."""
        self._annotate([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Annotates documents in place, lazily and in order.

        Args:
            stream: documents.
            batch_size: most documents that are held at a time; the component's own `batch_size` bounds it.
        """
        stream = iter(stream)
        size = max(1, min(batch_size, self._batch_size))  # batches of none would lose every document in silence
        while docs := list(islice(stream, size)):
            try:
                self._annotate(docs)
            except Exception as error:  # spaCy's contract: whatever happens is for the pipeline's error handler
                if len(docs) > 1:  # only the document that fails is to be lost
                    for doc in docs:
                        yield from self.pipe([doc])
                else:
                    self.get_error_handler()(self.name, self, docs, error)
            else:
                yield from docs

    def _annotate(self, docs: list[Doc]) -> None:
        add_extensions()  # a spawned worker has none
        texts = [Document(id=_text_id(text), text=text) for text in (doc.text for doc in docs)]
        for doc, record in zip(docs, self.extractor.stream(texts, len(docs)), strict=True):
            annotate(doc, record, overwrite_ents=self._overwrite_ents)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as its settings: a copy, in a spawned worker say, loads the model anew."""
        settings = (self.name, self._model, self._batch_size, self._overwrite_ents, self._threads)
        state = {"error_handler": self.error_handler} if hasattr(self, "error_handler") else None
        return _restore, settings, state

    # All that makes the component is in the pipeline's config; the four below let spaCy save pipelines that have it.

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Nothing: the settings, the model's folder among them, are in the pipeline's config."""
        return b""

    def from_bytes(self, bytes_data: bytes, *, exclude: Iterable[str] = ()) -> SobujangPipe:
        """Reads nothing; see `to_bytes`."""
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Writes nothing; see `to_bytes`."""

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> SobujangPipe:
        """Reads nothing; see `to_bytes`."""
        return self


def _restore(name: str, model: str | None, batch_size: int, overwrite_ents: bool, threads: int | None) -> SobujangPipe:
    return SobujangPipe(name, model=model, batch_size=batch_size, overwrite_ents=overwrite_ents, threads=threads)


def annotate(doc: Doc, record: Document, *, overwrite_ents: bool = True) -> None:
    """Puts a record, gold or predicted, on the spaCy document of the same text.

    Args:
        doc: changed in place; see `SobujangPipe` for what it has afterwards.
        record: of exactly this text.
        overwrite_ents: see `create_sobujang`.

    Raises:
        DocumentError: the record is of another text.

    Example:
        >>> import spacy
        >>> from sobujang.document import Document, Span
        >>> doc = spacy.blank("xx")("한빛정밀은 커넥터를 만든다.")
        >>> span = Span(id="T1", start=0, end=4, label="COMPANY")
        >>> annotate(doc, Document(id="d1", text=doc.text, spans=(span,)))
        >>> doc.ents
        (한빛정밀,)
    """
    if record.text != doc.text:
        raise DocumentError(
            f"record {record.id!r} is not of this spaCy document's text; make the document from its text"
        )
    add_extensions()
    split_tokens(doc, [offset for span in record.spans for offset in (span.start, span.end)])
    starts, ends = token_offsets(doc)
    # A space that follows a token belongs to none; a span begins at the first token that it touches.
    firsts = np.searchsorted(ends, [span.start for span in record.spans], side="right").tolist()
    stops = np.searchsorted(starts, [span.end for span in record.spans], side="left").tolist()
    found = [
        (Span(doc, first, stop, label=span.label, span_id=span.id), span.score)
        for span, first, stop in zip(record.spans, firsts, stops, strict=True)
        if first < stop
    ]
    mentions = [mention for mention, _ in found]
    scores = [score for _, score in found]
    doc.spans[SPANS_KEY] = SpanGroup(doc, name=SPANS_KEY, attrs={"scores": scores}, spans=mentions)
    doc.ents = _merge_entities(doc.ents, mentions, overwrite=overwrite_ents)
    doc.user_data[_USER_DATA_KEY] = record.to_json().decode()


def write_docbin(path: str | Path, records: Iterable[Document]) -> None:
    """Writes records as a spaCy DocBin, which `DocBin().from_disk(path)` and spaCy's own tools read.

    Args:
        path: the file; it appears when it is whole.
        records: gold or predicted; a document's id goes to `user_data["id"]`.

    Raises:
        OutputError: the file cannot be written.
    """
    import spacy  # the whole of it, which those who only build a pipeline have loaded already

    from sobujang.outputs.files import replacing

    tokenizer = spacy.blank("xx").tokenizer
    bin_ = DocBin(store_user_data=True)
    for record in records:
        doc = tokenizer(record.text)
        annotate(doc, record)
        doc.user_data["id"] = record.id
        bin_.add(doc)
    with replacing(path) as append:
        append(bin_.to_bytes())


def read_docbin(path: str | Path) -> Iterator[Document]:
    """Reads the records of a DocBin that `write_docbin`, or a pipeline with this component, wrote.

    Raises:
        FormatError: the file is no DocBin, or a document of it has no record.
    """
    import spacy

    try:
        docs = DocBin().from_disk(path).get_docs(spacy.blank("xx").vocab)
    except (OSError, ValueError, zlib.error) as error:
        raise FormatError(f"no DocBin of spaCy: {error}", path) from None
    for number, doc in enumerate(docs, start=1):
        record = _record(doc)
        if record is None:
            raise FormatError(
                f"document {number} has no sobujang record; run it through a pipeline with sobujang", path
            )
        yield record


def displacy_options(schema: Schema) -> dict[str, Any]:
    """Options for `spacy.displacy.render`, style `ent` or `span`: the schema's colours, and where the mentions are.

    displaCy warns (W006, W117) about a document without any mention.

    Example:
        >>> displacy_options(Schema.default())["colors"]["COMPANY"]
        '#bcd7ff'
    """
    colors = {label: mention.color for label, mention in schema.mentions.items()}
    return {"colors": colors, "spans_key": SPANS_KEY}


def add_extensions() -> None:
    """Registers `doc._.sobujang` and the views of it; the component does so itself.

    Raises:
        SobujangError: another package has registered one of the names.
    """
    known = {name: Doc.get_extension(name) for name in _EXTENSIONS if Doc.has_extension(name)}
    for name, extension in known.items():
        if not any(_same(_EXTENSIONS[name][1], function) for function in extension):
            raise SobujangError(
                f"doc._.{name} is already somebody else's extension, and sobujang needs the name; "
                f"free it before you add sobujang: spacy.tokens.Doc.remove_extension({name!r})"
            )
    for name, (kind, function) in _EXTENSIONS.items():
        if function not in known.get(name, ()):
            Doc.set_extension(name, force=True, **{kind: function})


def _same(ours: Callable[..., Any], other: object) -> bool:
    # By name, for after a reload of this module the old functions are still registered.
    names = ours.__module__, ours.__qualname__
    return names == (getattr(other, "__module__", None), getattr(other, "__qualname__", None))


def _merge_entities(earlier: Sequence[Span], mentions: Sequence[Span], *, overwrite: bool) -> list[Span]:
    """Where two share a token, the mention stays if it is to overwrite, else the earlier entity."""
    first, second = (mentions, earlier) if overwrite else (earlier, mentions)
    kept = filter_spans(first)
    taken = {token for span in kept for token in range(span.start, span.end)}
    return kept + filter_spans(span for span in second if taken.isdisjoint(range(span.start, span.end)))


def _text_id(text: str) -> str:
    """An id that does not depend on which documents came before."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


# The stored JSON is what lasts; of the documents just looked at the decoded record is at hand.
@lru_cache(maxsize=64)
def _decode(json: str) -> Document:
    return Document.from_json(json)


def _record(doc: Doc) -> Document | None:
    json = doc.user_data.get(_USER_DATA_KEY)
    return None if json is None else _decode(json)


def _relations(doc: Doc) -> tuple[Relation, ...]:
    record = _record(doc)
    return record.relations if record else ()


def _comparisons(doc: Doc) -> tuple[Comparison, ...]:
    record = _record(doc)
    return record.comparisons if record else ()


def _entities(doc: Doc) -> tuple[Entity, ...]:
    record = _record(doc)
    return record.entities if record else ()


def _mention(doc: Doc, span_id: str) -> Span:
    """The span with this id in the record; where tokens were merged since, the tokens that hold it."""
    record = _record(doc)
    if record is None:
        raise DocumentError("this spaCy document has no sobujang record; run it through a pipeline with sobujang")
    mention = record.span_by_id.get(span_id)
    if mention is None:
        raise DocumentError(f"record {record.id!r} has no mention {span_id!r}; its ids stand in doc._.sobujang.spans")
    # `Span.as_doc(copy_user_data=True)` takes the record along, but not its text.
    same_text = len(doc) > 0 and doc[-1].idx + len(doc[-1].text_with_ws) == len(record.text)
    found = (
        doc.char_span(mention.start, mention.end, label=mention.label, span_id=span_id, alignment_mode="expand")
        if same_text
        else None
    )
    if found is None:
        raise DocumentError(f"record {record.id!r} is not of this spaCy document's text; run the pipeline on it")
    return found


_EXTENSIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "sobujang": ("getter", _record),
    "relations": ("getter", _relations),
    "comparisons": ("getter", _comparisons),
    "entities": ("getter", _entities),
    "mention": ("method", _mention),
}
