"""Tokens: cuts at every place where a mention may begin or end.

Korean glues particles and endings to names (`전기차는`, `일본산의`), so white space is not enough: Kiwi reports the
morphemes. Their offsets overlap at contractions (`낮춘` = 낮추 + ㄴ), so the text is cut at every reported start and
end.
A token never spans white space, two scripts, or a sentence end.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from kiwipiepy import Kiwi

from sobujang.text.sentences import split_at_punctuation

# Letters of one script, digits, or one character of anything else that is no white space. A combining mark stays
# with what it marks. Hangul comes first: `[^\W\d_]` would swallow it together with Latin.
_RUN = re.compile(
    r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]+"
    r"|[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f\u0300-\u036f]*"
    r"|[0-9]+"
    r"|\S[\u0300-\u036f\u200d\ufe0f]*"
)
# Kiwi swallows the particle or suffix of a loan word that it does not know (`슬러리가`, `폴더블용`)
# and calls the whole a noun.
_SWALLOWED = re.compile(r"[가-힣]{2,}(?=(?:들|용|산|제|향|가|이|은|는|을|를|의|에|도|만|와|과|로|부터|까지)$)")
# Words that Kiwi has whole, but of which annotators mark a part: the stem of 저렴하다, 같아지다, 줄어들다; 반값, 금값.
_PREDICATE_STEM = re.compile(r"[가-힣]+(?=하$)|[가-힣]*[같높낮많적작줄늘](?=[아어](?:지|들)$)")
_PRICE_NOUN = re.compile(r"[가-힣]+(?=값$)|반(?=토막$)")
_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's tokens and sentences.

    Attributes:
        spans: half-open character offsets of each token, ascending, without overlap and without white space.
        sentences: half-open ranges of token indices, one for each sentence, which together cover all tokens.
    """

    spans: list[tuple[int, int]]
    sentences: list[tuple[int, int]]


def tokenize(texts: Iterable[str]) -> list[Tokens]:
    """Cuts texts; many at once are cut in parallel.

    Example:
        >>> text = "전기차는 비싸다. It costs 30% more."
        >>> tokens = tokenize([text])[0]
        >>> [text[start:end] for start, end in tokens.spans]
        ['전기', '차', '는', '비싸', '다', '.', 'It', 'costs', '30', '%', 'more', '.']
        >>> tokens.sentences
        [(0, 6), (6, 12)]
    """
    texts = list(texts)
    segments = [split_at_punctuation(text) for text in texts]
    korean = [
        (number, segment)
        for number, (text, found) in enumerate(zip(texts, segments, strict=True))
        for segment in found
        if _HANGUL.search(text, *segment)
    ]
    cuts = _morpheme_cuts([texts[number][start:end] for number, (start, end) in korean])
    by_segment = {(number, start): found for (number, (start, _)), found in zip(korean, cuts, strict=True)}
    return [
        _assemble(text, [(start, end, *by_segment.get((number, start), ((), ()))) for start, end in found])
        for number, (text, found) in enumerate(zip(texts, segments, strict=True))
    ]


def _assemble(text: str, segments: list[tuple[int, int, Sequence[int], Sequence[int]]]) -> Tokens:
    spans: list[tuple[int, int]] = []
    sentences: list[tuple[int, int]] = []
    for start, end, cuts, sentence_starts in segments:
        first = len(spans)
        wanted = {start + cut for cut in cuts}
        breaks = {start + cut for cut in sentence_starts}
        for run in _RUN.finditer(text, start, end):
            left, right = run.span()
            for cut in range(left + 1, right) if wanted and right - left > 1 else ():
                if cut in wanted:
                    spans.append((left, cut))
                    left = cut
            if run.start() in breaks and len(spans) > first:
                sentences.append((first, len(spans)))
                first = len(spans)
            spans.append((left, right))
        if len(spans) > first:
            sentences.append((first, len(spans)))
    return Tokens(spans, sentences)


@cache
def _kiwi(process: int) -> Kiwi:
    """One Kiwi a process: its threads do not live on in a fork, which would wait for them for ever."""
    # The dictionaries of multi-word names and of typing errors double the load time and move few cuts.
    return Kiwi(load_multi_dict=False, load_typo_dict=False)


def _stem(tag: str, form: str) -> re.Match[str] | None:
    """The part of a morpheme after which a mention may end, where Kiwi sees no boundary."""
    if tag in ("NNG", "NNP"):
        return _SWALLOWED.match(form) or _PRICE_NOUN.match(form)
    return _PREDICATE_STEM.match(form) if tag.startswith(("VV", "VA")) else None


def _morpheme_cuts(segments: list[str]) -> list[tuple[list[int], list[int]]]:
    """For each segment the offsets of morpheme ends, and those where Kiwi sees a new sentence begin."""
    if not segments:
        return []
    found = []
    for morphemes in _kiwi(os.getpid()).tokenize(segments):
        cuts: list[int] = []
        breaks: list[int] = []
        sentence = 0
        for morpheme in morphemes:
            cuts += (morpheme.start, morpheme.start + morpheme.len)
            if stem := _stem(morpheme.tag, morpheme.form):
                cuts.append(morpheme.start + stem.end())
            if morpheme.sent_position != sentence:
                sentence = morpheme.sent_position
                breaks.append(morpheme.start)
        found.append((cuts, breaks))
    return found
