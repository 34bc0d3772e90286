"""Language data for reading amounts: numerals, scales, currencies, unit words. No logic lives here.

All keys are written as :func:`sobujang.quantities.numerals.normalise` leaves text: lower case, NFC, ASCII digits,
``-`` for every dash, ``~`` for every tilde, single spaces, ``us`` for ``u.s.``.

Conventions, because the bare word does not say which country's money it is:

* ``$``, "dollars", ``달러``, ``불``, "cents" and ``센트`` without a country are US dollars.
* "pounds" and ``파운드`` are pounds sterling, "rupees" and ``루피`` Indian rupees.
* ``¥`` stands for yen and for yuan and is therefore absent; ``JP¥`` and ``CN¥`` are listed.
* "pesos", "francs", "kroner" and "riyals" without a country are absent for the same reason.
"""

from __future__ import annotations

from typing import Final

# --- characters -------------------------------------------------------------------------------------------------

DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63"
TILDES: Final = "\u223c\u301c\u02dc\u2053"
INVISIBLES: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# Full-width forms outside the FF01-FF5E block, which is shifted by arithmetic.
WIDE_SYMBOLS: Final = {"\uffe0": "¢", "\uffe1": "£", "\uffe5": "¥", "\uffe6": "₩", "\ufe6a": "%", "\ufe69": "$"}

# --- English numerals -------------------------------------------------------------------------------------------

ENGLISH_SMALL: Final = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
} | {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
ENGLISH_SCALES: Final = {
    "thousand": 10**3, "lakh": 10**5, "million": 10**6, "crore": 10**7, "billion": 10**9, "trillion": 10**12,
}  # fmt: skip
# "m" can be metres or a Roman numeral, "t" tonnes: these count only beside a currency.
SCALE_ABBREVIATIONS: Final = {
    "k": 10**3, "m": 10**6, "mn": 10**6, "mln": 10**6, "mil": 10**6, "b": 10**9, "bn": 10**9, "bln": 10**9,
    "t": 10**12, "tn": 10**12, "trn": 10**12, "tr": 10**12,
}  # fmt: skip
ENGLISH_DENOMINATORS: Final = {
    "half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8,
    "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "thirtieth": 30,
    "fortieth": 40, "fiftieth": 50, "hundredth": 100, "thousandth": 1000,
}  # fmt: skip

# --- Korean numerals --------------------------------------------------------------------------------------------

SINO_DIGITS: Final = {
    "영": 0, "공": 0, "일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "륙": 6, "칠": 7, "팔": 8, "구": 9,
}  # fmt: skip
SINO_SMALL_SCALES: Final = {"천": 1000, "백": 100, "십": 10}
SINO_LARGE_SCALES: Final = {"경": 10**16, "조": 10**12, "억": 10**8, "만": 10**4}
NATIVE_TENS: Final = {
    "열": 10, "스물": 20, "스무": 20, "서른": 30, "마흔": 40, "쉰": 50, "예순": 60, "일흔": 70, "여든": 80, "아흔": 90,
}  # fmt: skip
NATIVE_ONES: Final = {
    "한": 1, "하나": 1, "두": 2, "둘": 2, "세": 3, "셋": 3, "네": 4, "넷": 4, "다섯": 5, "여섯": 6, "일곱": 7,
    "여덟": 8, "아홉": 9,
}  # fmt: skip
# Words that name two neighbouring numbers: a range, never a single value.
NATIVE_PAIRS: Final = {
    "한두": (1, 2), "두세": (2, 3), "두서너": (2, 4), "서너": (3, 4), "너댓": (4, 5), "네댓": (4, 5), "네다섯": (4, 5),
    "대여섯": (5, 6), "예닐곱": (6, 7), "일고여덟": (7, 8), "여덟아홉": (8, 9),
}  # fmt: skip
SINO_PAIRS: Final = {
    "일이": "일 이", "이삼": "이 삼", "삼사": "삼 사", "사오": "사 오", "오륙": "오 육", "오육": "오 육",
    "육칠": "육 칠", "칠팔": "칠 팔", "팔구": "팔 구",
}  # fmt: skip

# --- kinds of amount --------------------------------------------------------------------------------------------

# Unit at the end -> how many percent one unit is.
PERCENT_UNITS: Final = {
    "%": "1", "percent": "1", "per cent": "1", "pct": "1", "pct.": "1", "퍼센트": "1", "프로": "1", "퍼센트포인트": "1",
    "%p": "1", "%pt": "1", "% p": "1", "%포인트": "1", "% 포인트": "1", "%points": "1", "퍼센트 포인트": "1",
    "pp": "1", "ppt": "1", "percentage point": "1", "percentage points": "1", "percent point": "1",
    "percent points": "1", "bp": "1/100", "bps": "1/100", "basis point": "1/100", "basis points": "1/100",
}  # fmt: skip
# Points are differences between two percentages: an amount, yet never a share of a price.
POINT_UNITS: Final = ("p", "pt", "pp", "ppt", "point", "points", "포인트", "bp", "bps")
# Unit at the end -> the factor that one unit is; 할 is a tenth.
MULTIPLE_UNITS: Final = {
    "배": "1", "곱절": "1", "갑절": "1", "x": "1", "×": "1", "times": "1", "fold": "1", "할": "1/10",
}  # fmt: skip
MULTIPLE_LEADS: Final = ("a factor of ", "factor of ")
MULTIPLE_WORDS: Final = {
    "절반": "1/2", "반": "1/2", "반절": "1/2", "반토막": "1/2", "반 토막": "1/2", "반의반": "1/4", "반의 반": "1/4",
    "절반의 절반": "1/4", "곱절": "2", "갑절": "2", "twice": "2", "thrice": "3",
    "halve": "1/2", "halves": "1/2", "halved": "1/2", "halving": "1/2",
    "double": "2", "doubles": "2", "doubled": "2", "doubling": "2",
    "triple": "3", "triples": "3", "tripled": "3", "tripling": "3", "treble": "3", "trebled": "3",
    "quadruple": "4", "quadrupled": "4", "quintuple": "5",
}  # fmt: skip

# --- currencies (ISO 4217) --------------------------------------------------------------------------------------

ISO_CODES: Final = (
    "usd krw jpy cny eur gbp twd hkd sgd aud cad nzd chf inr vnd thb myr idr php rub brl mxn sek nok dkk pln huf czk "
    "try aed sar ils zar"
).split()
CURRENCY_PREFIXES: Final = {code: code.upper() for code in ISO_CODES} | {
    "$": "USD", "us$": "USD", "us $": "USD", "usd$": "USD", "미화": "USD", "₩": "KRW", "krw₩": "KRW", "won": "KRW",
    "한화": "KRW", "jp¥": "JPY", "yen": "JPY", "cn¥": "CNY", "rmb": "CNY", "yuan": "CNY", "€": "EUR", "£": "GBP",
    "nt$": "TWD", "nt": "TWD", "hk$": "HKD", "s$": "SGD", "sg$": "SGD", "a$": "AUD", "au$": "AUD", "c$": "CAD",
    "ca$": "CAD", "can$": "CAD", "nz$": "NZD", "₹": "INR", "rs": "INR", "rs.": "INR", "₫": "VND", "฿": "THB",
    "rm": "MYR", "₽": "RUB", "r$": "BRL", "₺": "TRY",
}  # fmt: skip
CURRENCY_SUFFIXES: Final = {code: code.upper() for code in ISO_CODES} | {
    "원": "KRW", "won": "KRW", "korean won": "KRW", "south korean won": "KRW", "₩": "KRW",
    "달러": "USD", "미국달러": "USD", "미국 달러": "USD", "미달러": "USD", "미 달러": "USD", "불": "USD", "$": "USD",
    "dollar": "USD", "dollars": "USD", "us dollar": "USD", "us dollars": "USD", "american dollars": "USD",
    "us$": "USD",
    "엔": "JPY", "엔화": "JPY", "일본 엔": "JPY", "yen": "JPY", "japanese yen": "JPY", "円": "JPY",
    "위안": "CNY", "위안화": "CNY", "중국 위안": "CNY", "yuan": "CNY", "chinese yuan": "CNY", "renminbi": "CNY",
    "rmb": "CNY",
    "유로": "EUR", "유로화": "EUR", "euro": "EUR", "euros": "EUR", "€": "EUR",
    "파운드": "GBP", "영국 파운드": "GBP", "pound": "GBP", "pounds": "GBP", "pounds sterling": "GBP",
    "british pounds": "GBP", "£": "GBP",
    "대만달러": "TWD", "대만 달러": "TWD", "신대만달러": "TWD", "신대만 달러": "TWD", "뉴타이완달러": "TWD",
    "taiwan dollars": "TWD", "taiwanese dollars": "TWD", "new taiwan dollars": "TWD", "nt dollars": "TWD",
    "홍콩달러": "HKD", "홍콩 달러": "HKD", "hong kong dollars": "HKD",
    "싱가포르달러": "SGD", "싱가포르 달러": "SGD", "singapore dollars": "SGD", "singaporean dollars": "SGD",
    "호주달러": "AUD", "호주 달러": "AUD", "australian dollars": "AUD",
    "캐나다달러": "CAD", "캐나다 달러": "CAD", "canadian dollars": "CAD",
    "뉴질랜드달러": "NZD", "뉴질랜드 달러": "NZD", "new zealand dollars": "NZD",
    "스위스프랑": "CHF", "스위스 프랑": "CHF", "swiss francs": "CHF",
    "루피": "INR", "인도 루피": "INR", "인도루피": "INR", "rupees": "INR", "indian rupees": "INR",
    "루피아": "IDR", "rupiah": "IDR", "베트남동": "VND", "베트남 동": "VND", "동": "VND", "dong": "VND",
    "바트": "THB", "baht": "THB", "링깃": "MYR", "ringgit": "MYR", "루블": "RUB", "rubles": "RUB", "roubles": "RUB",
    "헤알": "BRL", "멕시코 페소": "MXN", "mexican pesos": "MXN", "스웨덴 크로나": "SEK", "swedish kronor": "SEK",
    "즈워티": "PLN", "zlotys": "PLN", "zloty": "PLN", "포린트": "HUF", "forints": "HUF", "forint": "HUF",
    "코루나": "CZK", "koruna": "CZK", "디르함": "AED", "dirhams": "AED",
}  # fmt: skip
CENT_SUFFIXES: Final = {"센트": "USD", "cent": "USD", "cents": "USD", "us cents": "USD", "¢": "USD", "pence": "GBP"}

# --- ranges -----------------------------------------------------------------------------------------------------

RANGE_SEPARATORS: Final = ("~", " to ", "-", "에서 ", " 내지 ")
# Leading word -> the separator that it calls for.
RANGE_LEADS: Final = {"from ": " to ", "between ": " and "}
