"""What the report's page itself says, in English and Korean. Labels and roles are the schema's and stay as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

#: English and Korean by key. A direction that is not here is shown as the record has it.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "report": ("Annotation report", "추출 결과 보고서"),
    "skip": ("Skip to the results", "본문으로 건너뛰기"),
    "documents": ("Documents", "문서"),
    "mentions": ("Mentions", "언급"),
    "relations": ("Relations", "관계"),
    "comparisons": ("Comparisons", "비교"),
    "entities": ("Entities", "개체"),
    "failed": ("Failed", "실패한 문서"),
    "search": ("Search", "검색"),
    "search_hint": ("Search companies, materials, words …", "기업, 소재, 낱말 검색 …"),
    "found": ("places match", "건 일치"),
    "nothing": ("Nothing matches.", "일치하는 내용이 없습니다."),
    "labels": ("Labels", "레이블"),
    "labels_hint": (
        "Press a label to hide or show its colour in the texts.",
        "레이블을 누르면 본문의 색 표시를 끄고 켭니다.",
    ),
    "limited": (
        "Counts and comparisons cover all documents; relations, entities and texts are those of the first",
        "건수와 비교는 모든 문서를 포함하며, 관계·개체·본문은 처음부터 다음 문서 수까지만 보입니다:",
    ),
    "document": ("Document", "문서"),
    "direction": ("Direction", "방향"),
    "price": ("Price", "가격비"),
    "price_hint": ("Price of the item ÷ price of the baseline, or the difference", "대상 가격 ÷ 기준 가격, 또는 차액"),
    "score": ("Score", "점수"),
    "evidence": ("Evidence", "근거 문장"),
    "lower": ("lower", "낮음"),
    "higher": ("higher", "높음"),
    "equal": ("equal", "같음"),
    "head": ("From", "주체"),
    "tail": ("To", "대상"),
    "name": ("Name", "이름"),
    "source": ("Source", "출처"),
    "reason": ("Reason", "이유"),
    "more": ("more", "개 더"),
    "nothing_found": ("Nothing was found in this document.", "이 문서에서 찾은 것이 없습니다."),
    "empty": ("This document is empty.", "빈 문서입니다."),
    "no_comparisons": ("No comparison was found.", "찾은 비교가 없습니다."),
    "no_documents": ("There are no documents.", "문서가 없습니다."),
    "made_by": ("Made by", "만든 도구"),
    "schema": ("schema", "스키마"),
    "theme": ("Light or dark", "밝게/어둡게"),
}
