"""Language data for price comparisons: the wordings that tell how an amount relates to the baseline's price.

Every entry is a regular expression matched against the text right before the amount (the BEFORE tables, which end at
it) or right after it (the AFTER tables, which begin at it). The text is normalised (see
:func:`sobujang.quantities.numerals.normalise`) and the cue stands in it marked: ``<cheaper>`` for a cue that carries
its direction, ``{price}`` for a cue that is only a price word. No logic lives here.

The readings:

* change: the amount is what the item costs less or more ("30 percent cheaper", ``30% 저렴``);
* share: the amount is the item's price as a part or multiple of the baseline's ("70 percent of the cost",
  ``70% 수준``);
* either: it could be one or the other (``30% 수준으로 저렴``); only "half" means the same both ways;
* bound: the amount is a limit, not a value ("up to 30 percent", ``30% 이상``);
* gap: the amount is the distance between two prices ("a price gap of 30 percent"): a difference if it is money, while
  a percentage leaves open which of the two prices it is a percentage of;
* unusable: the amount measures something else ("30 percent more competitive", "twice as cheap").
"""

from __future__ import annotations

from typing import Final

# --- price words: cues that name a price without a direction --------------------------------------------------------

PRICE_WORD: Final = (
    r"(?:[a-z-]+ )*(?:price[ds]?|pricing|price tag|costs?|costing|rate|bill|outlay|money)|spend\w*|pay(?:s|ing)?|paid"
    r"|as (?:much|expensive|costly|dear|pricey|high|steep)(?: as)?"
    r"|.*(?:가 ?격|값|원가|단가|판가|비용|돈|금액|[가-힣]{2,}비|[가-힣]{2,}가|[가-힣]{2,}료)"
)
# Compounds that end like price words yet carry a direction.
DIRECTED_PRICE_WORD: Final = (
    r"할인가|염가|저가|고가|.*\b(?:cheaper|less|lower|more|higher)\b.*|.*(?:더|덜|많|적[은게]|싼|낮|높|비싼|저렴).*"
)

# --- words around the amount that change nothing --------------------------------------------------------------------

_APPROXIMATE_EN: Final = (
    r"(?:(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|only|just|merely|fully|exactly|precisely|"
    r"close to|something like|an estimated|an average|on average|maybe|perhaps|circa|ca\.?|nearing|approaching|"
    r"another|still|a|an|the|of the order of|or so|of) )*"
)
_APPROXIMATE_KO: Final = (
    r"(?:(?:약|대략|거의|대개|평균|무려|불과|고작|겨우|단|한|딱|연|연간|(?<!\S)[^\s당]{1,8}당|(?<!\S)\S{1,10} 기준|그|"
    r"각각|현재|여전히|아직) ?)*"
)
_ABOUT_AFTER_KO: Final = (
    r"(?: ?(?:가량|정도|쯤|안팎|내외|전후|남짓|가까이|가까운|상당|여|에 가까운|에 가깝게|에 육박하는|에 달하는|"
    r"에 이르는|어치))*"
)
_SUBJECT_KO: Final = r"(?: ?(?:이나|나|은|는|이|가|을|를|씩|만큼|만(?= ?[<{]?[더덜]))(?: 또)?)?"
_UNIT_EN: Final = r"(?: (?:per|a|an|the) [a-z-]+| each| apiece| or so)?"
# Between the amount and the word that says what it is: a bracket, or a second way to put the amount.
AFTER_SKIPPED: Final = (r" ?\([^()<>{}]{0,40}\)", r",? or [^,<>{}]{1,30},")

# --- bounds ---------------------------------------------------------------------------------------------------------

BOUND_BEFORE: Final = (
    r"\b(?:up to|as much as|as little as|as low as|as high as|at least|at most|at best|(?:more|less|fewer|better"
    rf"|greater|lower|higher|cheaper) than|over|under|above|below|beneath|within|beyond|exceed\w*|upwards? of|north of"
    rf"|south of|(?:max|min)(?:imum|\.)?(?: of)?|not even) {_APPROXIMATE_EN}$",
    r"(?:최대|최소|최고|최저|많게는|적게는|적어도|못해도|기껏해야|크게는)(?:로는|한)?"
    rf" ?(?:\S+[이가을를은는도] )?{_APPROXIMATE_KO}$",
    r"(?:%|percent|pct|퍼센트|배) ?(?:to|or|and|에서|~|-|또는|내지) $",
    r"[0-9] ?[~-] ?$",
    r"\bbetween [^,.;<>{}]{1,30} and $",
)
BOUND_AFTER: Final = (
    r",? (?:or|and) (?:more|less|better|higher|lower|fewer|above|under|over|up)\b",
    r"\+|[ -]plus\b",
    r",? (?:at (?:the )?(?:very )?(?:least|most|best)|max(?:imum)?|min(?:imum)?|tops)\b",
    r" ?(?:to|or|~|-|에서|또는|내지) ?(?:us|nt|hk)?[$€£₩]?[0-9]",
    rf"{_ABOUT_AFTER_KO}(?: ?(?:을|를|이|가|도|에도|에|은|는))? ?(?:조금|약간|살짝|훨씬|채|훌쩍|크게)? ?"
    r"(?:이상|이하|미만|초과|이내|넘|웃도|웃돌|밑도|밑돌|못 ?미|안 ?되|안 ?된|안 ?됩|안 ?돼|안 ?될|상회|하회|"
    r"되지 ?[않못]|미치지 ?[않못]|차지 ?않)",
    rf"{_ABOUT_AFTER_KO}까지",
    rf"{_ABOUT_AFTER_KO} ?(?:아래|밑)(?:로|으로|까지)",
    r"대(?:의|로|에|가|를|까지|[ ,.]|$)",
)

# --- gaps and unusable amounts --------------------------------------------------------------------------------------

GAP_BEFORE: Final = (
    rf"\b(?:gap|difference|differential)s?\b[^,.;]{{0,20}} (?:of|is|at|was) {_APPROXIMATE_EN}$",
    rf"(?:차|차이|격차)(?:은|는|이|가|도)? {_APPROXIMATE_KO}$",
)
GAP_AFTER: Final = (
    r" [<{]?(?:price|cost)[>}]? (?:gap|difference|differential)",
    rf"{_ABOUT_AFTER_KO}(?:의)? ?[<{{]?(?:가격|값|단가|원가|비용)[>}}]? ?(?:차|격차)",
)
UNUSABLE_AFTER: Final = (
    r"(?:%?p(?:oint|t|p)?s?\b|-?points?\b| ?포인트)",
    r" [<{]?as [<{]?(?:cheap|affordable|inexpensive|low)\b",
    r" [<{]?(?:price|cost)[>}]? competitive",
    r" [<{]?more (?:competitive|cost-?(?:effective|efficient)|efficient|productive)",
    rf"{_ABOUT_AFTER_KO}(?:의)? ?[<{{]?(?:가격|값|단가|원가|비용)[>}}]? ?경쟁력",
)
# With a factor of one or more 더 leaves open whether the factor is added ("2배 더 비싸다": double, or triple).
UNUSABLE_AFTER_FACTOR: Final = (rf"{_ABOUT_AFTER_KO}{_SUBJECT_KO} ?[<{{]?더 ?[<{{]?",)

# --- change: by how much --------------------------------------------------------------------------------------------

_OBJECT_EN: Final = (
    r"(?: (?!(?:to|at|on|is|are|was|were|be|been|for|and|but|while|which|that|sells?|priced)\b)[<{]?[\w'’-]+[>}]?)"
    r"{0,6}?"
)
_LOWER_VERBS_EN: Final = (
    r"(?:sav(?:e|es|ed|ing)|cut(?:s|ting)?|reduc(?:e|es|ed|ing)|lower(?:s|ed|ing)|trim(?:s|med|ming)?|shav(?:e|es|ed|ing)"
    r"|slash(?:es|ed|ing)?|knock(?:s|ed|ing)?|drop(?:s|ped|ping)?|fall(?:s|en|ing)?|fell|declin(?:e|es|ed|ing)"
    r"|undercut(?:s|ting)?|decreas(?:e|es|ed|ing)|down|tak(?:e|es|ing)|took|lop(?:s|ped|ping)?|shed(?:s|ding)?)"
)
_HIGHER_VERBS_EN: Final = (
    r"(?:rais(?:e|es|ed|ing)|increas(?:e|es|ed|ing)|add(?:s|ed|ing)?|lift(?:s|ed|ing)?|rises?|rose|rising|up)"
)
_LOWER_NOUNS_EN: Final = (
    r"(?:discounts?|savings?|reductions?|cuts?|decreases?|drops?|advantage|edge|price cuts?|markdown)"
)
_HIGHER_NOUNS_EN: Final = r"(?:premiums?|mark-?ups?|surcharges?|increases?|price hikes?)"
_NOUN_LINK_EN: Final = r"[>}]?(?: \w+){0,3}? (?:of|at|is|was|by|averages?)"
_LOWER_NOUNS_KO: Final = r"(?:절감|인하|할인|절약|감축|저감|감면|감소)"
_HIGHER_NOUNS_KO: Final = r"(?:프리미엄|웃돈|할증|인상|상승|증가)"

# These hold whatever follows the amount ("saves a third of the cost").
LOWER_BY_BEFORE: Final = (
    rf"\b[<{{]?{_LOWER_VERBS_EN}[>}}]?{_OBJECT_EN} {_APPROXIMATE_EN}$",
    rf"\b[<{{]?{_LOWER_NOUNS_EN}{_NOUN_LINK_EN} {_APPROXIMATE_EN}$",
    rf"{_LOWER_NOUNS_KO}[>}}]?(?:률|율|폭|액|분| 효과| 폭)?(?:은|는|이|가|도|을|를)? {_APPROXIMATE_KO}$",
)
HIGHER_BY_BEFORE: Final = (
    rf"\b[<{{]?{_HIGHER_VERBS_EN}[>}}]?{_OBJECT_EN} {_APPROXIMATE_EN}$",
    rf"\b[<{{]?{_HIGHER_NOUNS_EN}{_NOUN_LINK_EN} {_APPROXIMATE_EN}$",
    rf"{_HIGHER_NOUNS_KO}[>}}]?(?:률|율|폭|액|분)?(?:은|는|이|가|도|을|를)? {_APPROXIMATE_KO}$",
)
BY_BEFORE: Final = (rf"\bby {_APPROXIMATE_EN}$",)
FACTOR_OF_BEFORE: Final = (rf"\bby {_APPROXIMATE_EN}factor of {_APPROXIMATE_EN}$",)

_PRICE_FILLER_EN: Final = (
    r"(?:[<{]?(?:price|cost|unit|material|production|manufacturing|purchase|total|overall|in|still|even|the|a|on|average)"
    r"s?[>}]? )*"
)
_PRICE_NOUN_KO: Final = (
    r"(?:가격|값|단가|원가|비용|판가|생산비|제조비|공급가|납품가|판매가|도입가|구매가|도입비|"
    r"재료비)"
)
# A noun phrase on its way to 절감 must not pass a particle that closes the amount's own clause.
_NOUN_PHRASE_KO: Final = r"(?:[<{]?[^\s,.;:<>{}0-9]*[^\s,.;:<>{}0-9로에인은는면고서며][>}]? ){0,4}?"
_LOWER_WORDS_KO: Final = (
    r"(?:저렴|싸|싼|쌉|쌀|쌌|값싸|값싼|낮|덜|절감|인하|할인|절약|아끼|아낄|아껴|줄|감소|감축|내리|내린|내려|깎|하락|떨어|"
    r"끌어내|적게|저가|염가|아래|밑)"
)
_HIGHER_WORDS_KO: Final = (
    r"(?:비싸|비싼|비쌉|비쌀|비쌌|높|인상|할증|웃돈|프리미엄|고가|더 든|더 들|더 드|오르|오른|올랐|올라|상승|증가|"
    r"위의|위에)"
)
LOWER_BY_AFTER: Final = (
    rf"{_UNIT_EN}[ -]{_PRICE_FILLER_EN}[<{{]?(?:cheaper|cheaply|less|lower|below|under|beneath|off|discount(?:s|ed)?"
    r"|savings?|reduction|cut|decrease|drop|advantage|edge|shy|more (?:cheaply|affordabl[ey]|economical(?:ly)?))\b",
    rf"{_ABOUT_AFTER_KO}{_SUBJECT_KO} ?(?:더 |덜 )?(?:{_PRICE_NOUN_KO}(?:을|를|이|가|은|는|도)? ?(?:더 |덜 )?)?"
    rf"[<{{]?{_LOWER_WORDS_KO}",
    rf"{_ABOUT_AFTER_KO}(?: ?수준)?(?:의|을|를)? ?{_NOUN_PHRASE_KO}[<{{]?[가-힣]*[<{{]?{_LOWER_NOUNS_KO}",
)
HIGHER_BY_AFTER: Final = (
    rf"{_UNIT_EN}[ -]{_PRICE_FILLER_EN}[<{{]?(?:more|higher|dearer|pricier|costlier|above|over|premium|mark-?up"
    r"|surcharge|extra|increase|hike|on top)\b",
    rf"{_ABOUT_AFTER_KO}{_SUBJECT_KO} ?(?:더 )?(?:{_PRICE_NOUN_KO}(?:을|를|이|가|은|는|도)? ?(?:더 )?)?"
    rf"[<{{]?{_HIGHER_WORDS_KO}",
    rf"{_ABOUT_AFTER_KO}(?: ?수준)?(?:의|을|를)? ?{_NOUN_PHRASE_KO}[<{{]?[가-힣]*[<{{]?{_HIGHER_NOUNS_KO}",
)
# The cue itself, right after the amount: its direction is known, so its word need not be listed.
CUE_BY_AFTER: Final = (
    rf"{_UNIT_EN}[ -]<",
    rf"{_ABOUT_AFTER_KO}{_SUBJECT_KO} ?(?:더 |덜 )?<",
)
# The cue right before the amount, as an afterthought: "pricier, about fifteen percent", "cheaper (30%)".
CUE_BY_BEFORE: Final = (
    rf">[ ,….(:-]{{1,5}}{_APPROXIMATE_EN}$",
    rf"> than [^,.;<>{{}}]{{1,40}}(?:[,…(:]| -) ?{_APPROXIMATE_EN}$",
)

# --- either ---------------------------------------------------------------------------------------------------------

EITHER_AFTER: Final = (
    rf"{_ABOUT_AFTER_KO} ?수준(?:으로)? ?(?:더 |덜 )?[<{{]?(?:저렴|싸|싼|쌉|값싼|비싸|비싼|낮은|높은)",
    rf"{_ABOUT_AFTER_KO} ?(?:으로|로) ?(?:더 |덜 |아직 |여전히 )?[<{{]?(?:저렴|싸|싼|쌉|값싼|비싸|비싼|낮은|높은)",
)

# --- share: to what part or multiple --------------------------------------------------------------------------------

SHARE_AFTER: Final = (
    r" [<{]?(?:of|the|its|their|our|his|her|that|what)\b",
    r" [<{]?as [<{]?(?:much|many|expensive|costly|dear|pricey|high|steep)\b",
    rf"{_ABOUT_AFTER_KO} ?(?:의|수준의|선의|인|밖에 안 되는|에 불과한|에 그친)? ?"
    rf"(?:[^\s<>{{}}]*[^\s<>{{}}고며면은는데서] )?[<{{]?[가-힣]{{0,4}}?{_PRICE_NOUN_KO}",
    rf"{_ABOUT_AFTER_KO}(?:의)? ?\{{",
    rf"{_ABOUT_AFTER_KO} ?(?:수준|선(?:에|이|으로|의|인|을|까지|[ ,.]|$))",
    rf"{_ABOUT_AFTER_KO}(?: ?(?:이면|면) |만 (?:들|내|주|받)|밖에|에 불과|"
    r"에 그[친치쳤칠]|에 지나지|에 달[하한해했]|에 이[르른를]|에 해당)",
    rf"{_ABOUT_AFTER_KO}에 (?!가)",
    rf"{_ABOUT_AFTER_KO} ?(?:으로|로) ",
)
# A factor needs less around it: "half price", "가격이 두 배다".
SHARE_AFTER_FACTOR: Final = (
    r"[ -](?:[a-z-]+ )?[<{](?:price|cost|rate)",
    r" (?:[a-z-]+ ){0,2}(?:prices?|costs?|rates?)\b",
    rf"{_ABOUT_AFTER_KO} ?(?:이다|다[ .,\"'”’]|다$|이고|고 |이며|인 |인데|입니다|였|이었|라는|이라|라고|예요|이에요|죠|"
    r"이죠)",
    rf"{_ABOUT_AFTER_KO} ?(?:[<{{]?든|[<{{]?들어|[<{{]?들었|[<{{]?들며|[<{{]?드는)",
)
SHARE_BEFORE: Final = (
    rf"\bto {_APPROXIMATE_EN}$",
    rf"[가-힣a-z0-9)}}]의 {_APPROXIMATE_KO}$",
)
# A headline that ends with the factor: "촉매 값 10분의 1".
SHARE_BEFORE_FACTOR_AT_END: Final = (
    rf"}}(?:은|는|이|가|도)?,? (?:(?!\S*(?:보다|대비|비해))[^\s,.]+ ){{0,3}}{_APPROXIMATE_KO}$",
    r"\b(?:cost\w*|priced?|prices)[>}] $",
)
AT_END: Final = (r"[\s\"'”’.,!)…]*$",)
