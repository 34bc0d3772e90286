"""Tests of sobujang.quantities: amounts as written, and what comparisons say of prices."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sobujang.quantities import PriceEffect, Quantity, parse_quantity, price_effect

# --- amounts ------------------------------------------------------------------------------------------------------

MONEY: list[tuple[str, float, str]] = [
    ("1천200억원", 120e9, "KRW"),
    ("3조2000억원", 3.2e12, "KRW"),
    ("1조 2,300억 원", 1.23e12, "KRW"),
    ("12억5000만 달러", 1.25e9, "USD"),
    ("412억7,300만원", 41.273e9, "KRW"),
    ("3천 310만달러", 33.1e6, "USD"),
    ("2만5천원", 25_000, "KRW"),
    ("2만 3천원", 23_000, "KRW"),
    ("9천620원", 9_620, "KRW"),
    ("1,452.30원", 1452.3, "KRW"),
    ("18,420,000,000원", 18.42e9, "KRW"),
    ("1,250백만원", 1.25e9, "KRW"),
    ("만원", 10_000, "KRW"),
    ("천만 원", 10e6, "KRW"),
    ("만 이천 원", 12_000, "KRW"),
    ("육십억 원", 6e9, "KRW"),
    ("백이십칠 달러", 127, "USD"),
    ("백만 달러", 1e6, "USD"),
    ("삼천오백만 원", 35e6, "KRW"),
    ("100여억 원", 10e9, "KRW"),
    ("1.5억 원", 150e6, "KRW"),
    ("1억2천만 원", 120e6, "KRW"),
    ("３００만원", 3e6, "KRW"),
    ("300억엔", 30e9, "JPY"),
    ("5억 달러", 500e6, "USD"),
    ("5억불", 500e6, "USD"),
    ("미화 5억 달러", 500e6, "USD"),
    ("0.9센트", 0.009, "USD"),
    ("300만 위안", 3e6, "CNY"),
    ("3억 유로", 300e6, "EUR"),
    ("2천 파운드", 2000, "GBP"),
    ("70억 대만달러", 7e9, "TWD"),
    ("70억 대만 달러", 7e9, "TWD"),
    ("4억 홍콩달러", 400e6, "HKD"),
    ("100 million 원", 100e6, "KRW"),
    ("KRW 3조", 3e12, "KRW"),
    ("$1.2bn", 1.2e9, "USD"),
    ("$1.2B", 1.2e9, "USD"),
    ("US$10 million", 10e6, "USD"),
    ("U.S.$10 million", 10e6, "USD"),
    ("10 million U.S. dollars", 10e6, "USD"),
    ("$ 84", 84, "USD"),
    ("$0.45", 0.45, "USD"),
    ("$3.2-billion", 3.2e9, "USD"),
    ("$10 million dollars", 10e6, "USD"),
    ("5-million-dollar", 5e6, "USD"),
    ("half a billion dollars", 500e6, "USD"),
    ("quarter of a million dollars", 250_000, "USD"),
    ("nine and a half million won", 9.5e6, "KRW"),
    ("one hundred and twelve million dollars", 112e6, "USD"),
    ("Twelve hundred and forty dollars", 1240, "USD"),
    ("1 trillion 200 billion won", 1.2e12, "KRW"),
    ("50 cents", 0.5, "USD"),
    ("€300,000", 300_000, "EUR"),
    ("€1.40", 1.4, "EUR"),
    ("1.2 million euros", 1.2e6, "EUR"),
    ("300€", 300, "EUR"),
    ("£5,900", 5900, "GBP"),
    ("1200 won", 1200, "KRW"),
    ("₩3.2 trillion", 3.2e12, "KRW"),
    ("KRW 310bn", 310e9, "KRW"),
    ("Won300bn", 300e9, "KRW"),
    ("40bn won", 40e9, "KRW"),
    ("NT$2bn", 2e9, "TWD"),
    ("RMB 40m", 40e6, "CNY"),
    ("260 million yuan", 260e6, "CNY"),
    ("A$10m", 10e6, "AUD"),
    ("JP¥300", 300, "JPY"),
    ("SEK 918m", 918e6, "SEK"),
    ("10 million USD", 10e6, "USD"),
    ("Rs 500 crore", 5e9, "INR"),
]

PERCENT: list[tuple[str, float]] = [
    ("30%", 30), ("30 %", 30), ("３０％", 30), ("0.7%", 0.7), ("1,200%", 1200), ("15%p", 15),
    ("2.3 percentage points", 2.3), ("50bp", 0.5), ("30퍼센트", 30), ("30 프로", 30), ("삼십 퍼센트", 30),
    ("십오 퍼센트", 15), ("백 퍼센트", 100), ("일점오 퍼센트", 1.5), ("10여%", 10), ("thirty percent", 30),
    ("thirty-eight percent", 38), ("20 per cent", 20), ("18 pct", 18), ("11.4 %", 11.4), ("30-percent", 30),
    ("half a percent", 0.5), ("one hundred and ten percent", 110),
]  # fmt: skip

MULTIPLE: list[tuple[str, float]] = [
    ("절반", 0.5), ("반", 0.5), ("반의반", 0.25), ("half", 0.5), ("3배", 3), ("3 배", 3), ("두 배", 2), ("두배", 2),
    ("세 배", 3), ("여섯 배", 6), ("열두 배", 12), ("스무 배", 20), ("세 곱절", 3), ("갑절", 2), ("1.5배", 1.5),
    ("두 배 반", 2.5), ("만 배", 10_000), ("1만7천 배", 17_000), ("10분의 1", 0.1), ("5분의 1", 0.2),
    ("4분의1", 0.25), ("3분의 2", 2 / 3), ("삼분의 일", 1 / 3), ("이십분의 일", 0.05), ("8할", 0.8), ("사 할", 0.4),
    ("1/3", 1 / 3), ("⅓", 1 / 3), ("1½배", 1.5), ("one-third", 1 / 3), ("third", 1 / 3), ("a quarter", 0.25),
    ("two-thirds", 2 / 3), ("two thirds", 2 / 3), ("seven tenths", 0.7), ("one-twentieth", 0.05), ("twice", 2),
    ("double", 2), ("tenfold", 10), ("ten-fold", 10), ("10-fold", 10), ("three times", 3), ("2.5 times", 2.5),
    ("two and a half times", 2.5), ("2.5x", 2.5), ("factor of ten", 10),
]  # fmt: skip

RANGES: list[tuple[str, str, float, float, str | None]] = [
    ("$60-80", "money", 60, 80, "USD"),
    ("$60-$80", "money", 60, 80, "USD"),
    ("$14 to $17", "money", 14, 17, "USD"),
    ("$5-10 million", "money", 5e6, 10e6, "USD"),
    ("$5-million-$10-million", "money", 5e6, 10e6, "USD"),
    ("$500-1 million", "money", 500, 1e6, "USD"),
    ("10 to 12 million dollars", "money", 10e6, 12e6, "USD"),
    ("3~4조원", "money", 3e12, 4e12, "KRW"),
    ("3~4천억원", "money", 300e9, 400e9, "KRW"),
    ("1천~2천억원", "money", 100e9, 200e9, "KRW"),
    ("5000원~1만원", "money", 5e3, 10e3, "KRW"),
    ("1,200만~1,500만원", "money", 12e6, 15e6, "KRW"),
    ("5~6달러", "money", 5, 6, "USD"),
    ("10 to 25 percent", "percent", 10, 25, None),
    ("20∼30%", "percent", 20, 30, None),
    ("20 - 25 %", "percent", 20, 25, None),
    ("30%~40%", "percent", 30, 40, None),
    ("25에서 30퍼센트", "percent", 25, 30, None),
    ("between 10 and 20 percent", "percent", 10, 20, None),
    ("sixty-five to seventy percent", "percent", 65, 70, None),
    ("이삼십 퍼센트", "percent", 20, 30, None),
    ("서너 배", "multiple", 3, 4, None),
    ("2~3배", "multiple", 2, 3, None),
    ("two to three times", "multiple", 2, 3, None),
    ("3분의 1~절반", "multiple", 1 / 3, 0.5, None),
]

UNREADABLE = [
    "", " ", "300", "3.2조", "612억", "10m", "m", "%", "$", "원", "배", "times", "million dollars",
    "several million dollars", "수백억원", "수십%", "수십 배", "몇 배", "억원", "1억2천 원", "¥300", "-30%", "+30%",
    "1,2%", "2,3배", "6O%", "1/0", "4/3", "thirds", "a dozen", "10 crowns", "A$10 dollars", "$5 million to 10",
    "30-20%", "60%대", "wonderful", "10²%", "1 2%", "3 4억원", "1천2000원", "3억2조원", "hundred hundred won",
    "five zero percent", "9" * 60 + "%", "十%",
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "currency"), MONEY)
def test_money(text: str, value: float, currency: str) -> None:
    assert parse_quantity(text) == Quantity("money", value, value, currency)


@pytest.mark.parametrize(("text", "value"), PERCENT)
def test_percent(text: str, value: float) -> None:
    assert parse_quantity(text) == Quantity("percent", value, value, None)


@pytest.mark.parametrize(("text", "value"), MULTIPLE)
def test_multiple(text: str, value: float) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.kind, quantity.currency) == ("multiple", None)
    assert quantity.value == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(("text", "kind", "low", "high", "currency"), RANGES)
def test_range(text: str, kind: str, low: float, high: float, currency: str | None) -> None:
    quantity = parse_quantity(text)
    assert quantity is not None
    assert (quantity.kind, quantity.low, quantity.high, quantity.currency) == (kind, low, high, currency)
    assert quantity.value is None


@pytest.mark.parametrize("text", UNREADABLE)
def test_unreadable_or_ambiguous_amount_is_none(text: str) -> None:
    assert parse_quantity(text) is None


# --- comparisons: the amount stands in [ ], the cue in < > ----------------------------------------------------------

RATIOS: list[tuple[Literal["lower", "higher", "equal"], str, float | None]] = [
    # English, change
    ("lower", "Its reclaimed wafers are [30 percent] <cheaper> than Japanese ones.", 0.7),
    ("lower", "The panel is a [third] <cheaper> than amorphous selenium plates.", 2 / 3),
    ("lower", "The home-fired plate is about [forty percent] <cheaper> than that.", 0.6),
    ("lower", "The opening bid came in [18 percent] <below> theirs, people familiar said.", 0.82),
    ("lower", "Modules from the new site will be [11%] <less expensive> than those from Pyeongtaek.", 0.89),
    ("lower", "Here they cost us [44 percent] <less>.", 0.56),
    ("lower", "It is [15 percent] <more affordable> than acid-etched glass.", 0.85),
    ("lower", "Point-of-use dilution <lowers> cost per pass by [35%] compared with fumed silica.", 0.65),
    ("lower", "The new line <cuts> cost by a [third] of the original figure.", 2 / 3),
    ("lower", "Connector maker drops Japanese alloy, <cuts> terminal cost [18 pct]", 0.82),
    ("lower", "Rings turned this way <save> the user roughly a [third] of the cost of a solid ring.", 2 / 3),
    ("lower", "That, the engineers say, <saves> about [sixty percent].", 0.4),
    ("lower", "Diluting electricity so cleverly knocked [14 percent] <off> the cost of each epi-wafer.", 0.86),
    ("lower", "Aizen sells the film at a [15 percent] <discount> to the German grade.", 0.85),
    ("lower", "They are offered at a <discount> of [20 percent] to the German article.", 0.8),
    ("lower", "Management put the <saving> at [22%] per finished bushing.", 0.78),
    ("lower", "The process delivers a [30 percent] <cost> reduction over sputtering.", 0.7),
    ("lower", "It <undercuts> Japan's Kyowa by [35%].", 0.65),
    ("lower", "Half the parts are gone, so the pump is <cheaper> by nearly [half].", 0.5),
    ("lower", "The lift pin is <cheaper> by a [factor of five] than its silicon nitride twin.", 0.2),
    ("lower", "A Korean bearing is <cheaper> (around [30 percent]) than a Swedish one.", 0.7),
    ("higher", "Its gas is [20%] <more expensive> than Chinese gas.", 1.2),
    ("higher", "The anode powder is [200%] <more expensive> than what lands in Long Beach.", 3.0),
    ("higher", "It now carries a [12 percent] <premium> over LDPE film.", 1.12),
    ("higher", "The resist sells at a <premium> of about [20 percent] to Japanese resist.", 1.2),
    ("higher", "Per metre the green stuff is <pricier>… about [fifteen percent], the manager reckons.", 1.15),
    ("higher", "Ilsin's salt remains <pricier> by a factor of [1.5].", 1.5),
    ("higher", "A Japanese machine costs maybe a [third] <more>.", 4 / 3),
    ("higher", "Ferrolyte wants [60%] <more> per litre than people pay for chemical grade.", 1.6),
    # English, share
    ("lower", "It sells at [half] the <price> of imported connectors.", 0.5),
    ("lower", "A reclaimed wafer sells for roughly [70 percent] of the <cost> of a prime wafer.", 0.7),
    ("lower", "A six-inch wafer out of Xiamen is [half] as <expensive> as mine.", 0.5),
    ("lower", "It <costs> a [fifth] of what a fresh chuck does.", 0.2),
    ("lower", "A stamped contact does the same work at [one-third] the <price>.", 1 / 3),
    ("lower", "The move <cuts> the cost of the module to a [third].", 1 / 3),
    ("lower", "The selling <price> of the bearing is only [1/3] of the German brand.", 1 / 3),
    ("lower", "Fabrication <costs> come to just [83 percent] of those of a jacket.", 0.83),
    ("lower", "Stacks were bid in Oman at a [quarter] of the European <price> per kilowatt.", 0.25),
    ("lower", "The clad sheet <costs> [one-tenth] as much as solid silver.", 0.1),
    ("higher", "The film sells at [150%] of the <price> of its Japanese rival.", 1.5),
    ("higher", "The GaN transistor used to be [twice] as <expensive> as a superjunction FET.", 2.0),
    ("higher", "A glass core still <costs> us [2.5 times] what an organic core does.", 2.5),
    ("higher", "The lens still <costs> [1.5 times] as much as a resin element.", 1.5),
    ("higher", "Virgin tow costs [three times] <as much>.", 3.0),
    ("higher", "Beside synthetic graphite it is still [five times] the <price>.", 5.0),
    ("higher", "The powder <costs more> than graphite, at about [1.4 times] the price per kilowatt-hour.", 1.4),
    # English, no single value
    ("lower", "It is [three times] <cheaper> than a Swiss spindle.", None),
    ("higher", "A sleeve from Osaka is [1.5 times] <more expensive>.", None),
    ("higher", "Call it [two and a half times] <dearer>.", None),
    ("lower", "A German sensor is [twice] as <cheap> to run.", None),
    ("lower", "Buyers pay up to [30 percent] <less> than for Dutch tools.", None),
    ("lower", "It <lowers> cost per pass by up to [35%] against fumed silica.", None),
    ("lower", "Its unit price is at least [15%] <under> the import price.", None),
    ("higher", "Kyoto's chucks are over [30 percent] <dearer>.", None),
    ("lower", "This gear is yours for less than a [quarter] of the <price>.", None),
    ("lower", "The maker can <save> the material cost of [twenty percent] or more per sheet.", None),
    ("lower", "Valves are sold at a <discount> of [30 to 35 percent] to Italian ones.", None),
    ("lower", "Foil from there costs [100 percent] <less>.", None),
    ("lower", "The price gap is [30 percent], with the Korean film <cheaper>.", None),
    ("lower", "Its margin is [5%p] <lower> on cost.", None),
    ("lower", "Quality rose [30 percent] while yields held and it got a <lower> price.", None),
    ("equal", "Prices are within [5 percent] of the Japanese ones, so <much the same>.", None),
    ("equal", "At [100 percent] of the Japanese price it is <level>.", 1.0),
    ("equal", "It is sold at the <same price> as the imported blank.", 1.0),
    # Korean, change
    ("lower", "재생 웨이퍼는 일본보다 [30%] <싸>다.", 0.7),
    ("lower", "한 장 값이 일본 제품보다 [30%]가량 <낮>다고 밝혔다.", 0.7),
    ("lower", "국산 밸브는 외산보다 [70%] <저렴>하다.", 0.3),
    ("lower", "장당 원가가 독일산을 들여올 때보다 [3분의 1]가량 <적>게 나왔다.", 2 / 3),
    ("lower", "국산 노즐은 수입품보다 [3분의 1] <저렴>하다.", 2 / 3),
    ("lower", "세라믹 히터를 일본산보다 [절반]가량 <저렴>하게 공급한다.", 0.5),
    ("lower", "제조 원가는 [4분의 1]이나 <줄었>습니다.", 0.75),
    ("lower", "기존 공정 대비 원가 [27%] <절감>, 월 80톤 생산", 0.73),
    ("lower", "원가를 [20%] <절감>할 수 있다.", 0.8),
    ("lower", "[30%] 수준의 원가 <절감> 효과를 거뒀다.", 0.7),
    ("lower", "[30%]의 제조 원가 <절감>이 가능하다.", 0.7),
    ("lower", "원가 <절감>률은 [30%]다.", 0.7),
    ("lower", "日 제품 대비 단가 [20%] <낮춰>", 0.8),
    ("lower", "인광석에서 뽑은 인산에 비해 [41%] <낮>은 가격에 공급이 가능하다.", 0.59),
    ("lower", "제조비가 종래보다 [22%] <덜 든>다.", 0.78),
    ("lower", "국산은 약 [30%](대당 5만원) <저렴>하다.", 0.7),
    ("lower", "여전히 [3할]은 <싸>게 먹힙니다.", 0.7),
    ("lower", "그런데도 스웨덴 제품보다 [삼십 퍼센트] <쌉>니다.", 0.7),
    ("higher", "라인 투자비는 스크린 인쇄 라인보다 [35%] <더 들>었다.", 1.35),
    ("higher", "나일론보다 약 [15퍼센트] <더 많은 비용>이 든다.", 1.15),
    ("higher", "국산 모듈이 [십오 퍼센트] 정도 <비쌉>니다.", 1.15),
    ("higher", "국산보다 [20%] <비싼> 값에 들여온다.", 1.2),
    ("higher", "동급 모터는 국산보다 [3배] <비싸>다.", 3.0),
    ("higher", "독일 머시닝센터는 [1.5배]쯤 <비싸>다.", 1.5),
    ("higher", "<웃돈> [20%] 얹어도 日산 도가니 찾는 까닭", 1.2),
    # Korean, share
    ("lower", "일본산의 [70%] <가격>에 납품한다.", 0.7),
    ("lower", "국산 펌프는 일본산의 [70%] 수준의 <가격>에 팔린다.", 0.7),
    ("lower", "장당 <제조원가>는 압연 방식 마스크의 [62%] 수준이다.", 0.62),
    ("lower", "대당 <판매가>는 일본 동급 기종의 [78%]이고 납기도 짧다.", 0.78),
    ("lower", "커넥터를 일본산의 [절반] <가격>에 납품한다.", 0.5),
    ("lower", "값은 일본 제품의 [반]<값>.", 0.5),
    ("lower", "외산의 [10분의 1] <가격>으로 내놨다.", 0.1),
    ("lower", "도입 <비용>이 수입품의 [3분의 1] 수준이다.", 1 / 3),
    ("lower", "가공비를 [3분의 1]로 <낮춘> 노즐을 내놨다.", 1 / 3),
    ("lower", "촉매 <비용>이 이리듐 전극의 [10분의 1]에 그친다.", 0.1),
    ("lower", "'이리듐 빼고 니켈 넣었더니'…촉매 <값> [10분의 1]", 0.1),
    ("lower", "일본 제강사들과 붙어도 <제조비>가 [8할]이면 되거든요.", 0.8),
    ("lower", "동급 테스터를 살 때 드는 <돈>의 [60%]면 이 장비를 들일 수 있다.", 0.6),
    ("lower", "가공비를 종전 방식의 [5%] 수준까지 <끌어내렸>다.", 0.05),
    ("lower", "단가를 [70%] 수준으로 <낮췄>다.", 0.7),
    ("higher", "실리콘카본이 흑연의 [1.4배] <가격>까지 내려왔다.", 1.4),
    ("higher", "경쟁사 대비 장비 <값>이 [두 배]라는 말이 있다.", 2.0),
    ("higher", "수입 프로버 <몸값>, 국산의 [갑절]…", 2.0),
    ("higher", "<비용>이 [2배]에 달한다.", 2.0),
    # Korean, no single value
    ("lower", "국산은 일본산보다 최대 [30%] <저렴>하다.", None),
    ("lower", "국산은 일본산보다 [30%] 이상 <저렴>하다.", None),
    ("lower", "금선에 비하면 [80%]까지 <싸>다.", None),
    ("lower", "<값>은 수입산 한 장의 [절반]도 안 됩니다.", None),
    ("lower", "<단가>가 구리판의 [절반]에도 못 미친다.", None),
    ("lower", "<값>은 거위털의 [절반]도 되지 않는다.", None),
    ("lower", "원가가 예전의 [육십 퍼센트] 아래로 <떨어진> 겁니다.", None),
    ("lower", "외산의 [60%]대 <가격>에 공급한다.", None),
    ("lower", "[3분의 1]을 조금 넘는 <값>이다.", None),
    ("lower", "외산의 [30%] 수준으로 <저렴>하다.", None),
    ("lower", "국산은 외산보다 [3배] <저렴>하다.", None),
    ("lower", "통상 [20~30%] <싼> 편이다.", None),
    ("lower", "두 제품의 가격 차이는 [30%]로 국산이 <싸>다.", None),
    ("lower", "마진이 [5%]p <낮>다.", None),
    ("higher", "초기 설비 값은 [두 배] 넘게 <비싸>다.", None),
    ("higher", "TGV 기판은 ㎠당 [2.7배] <더 든>다.", None),
    ("higher", "외산은 [서너 배] <비싸>다.", None),
    ("equal", "일본산과 <가격이 비슷>하다.", 1.0),
    ("equal", "<가격>이 일본산의 [1배]로 같다.", 1.0),
    ("equal", "<가격>이 [5%] 이내로 비슷하다.", None),
]

DIFFERENCES: list[tuple[Literal["lower", "higher", "equal"], str, float | None, str | None]] = [
    ("lower", "Each connector is [$5] <cheaper> than the one from Kyoto.", -5, "USD"),
    ("lower", "The pad is quoted at €19, which puts it [€6] <below> a polyurethane pad.", -6, "EUR"),
    ("lower", "It was [NT$9] <lower> per piece than the bid of Neuland.", -9, "TWD"),
    ("lower", "The KA-220 <costs less> to build by roughly [€95] a unit.", -95, "EUR"),
    ("lower", "With glass the whole card <saves> [$140,000] on each unit.", -140_000, "USD"),
    ("lower", "Moving the casting took [€1,100] <off> the price of each pump.", -1100, "EUR"),
    ("higher", "Japanese chucks come in some [$12,000] <dearer>.", 12_000, "USD"),
    ("higher", "It insulates to 1,000 V and <adds> only [€1.40] to the price.", 1.4, "EUR"),
    ("higher", "The latter were, per car, [61 million won] <more costly>.", 61e6, "KRW"),
    ("lower", "와이어링 하네스 양산…대당 [2만3천원] <절감>", -23_000, "KRW"),
    ("lower", "㎏당 [9만원] <낮>게 책정됐다.", -90_000, "KRW"),
    ("lower", "모듈 전체로 보면 [40만원] 정도 <싸>게 나갑니다.", -400_000, "KRW"),
    ("lower", "톤당 [11만원]이 <덜 들>었어요.", -110_000, "KRW"),
    ("higher", "국내 순정 신품보다도 [30만원]은 더 <비싸>다.", 300_000, "KRW"),
    ("lower", "양사의 판가 격차는 [9달러]로 국산이 <낮>음.", -9, "USD"),
    ("lower", "The price difference of [$5] makes it <cheaper>.", -5, "USD"),
    ("lower", "It sells at [$60] versus $80 for the German part, far <cheaper>.", None, None),
    ("lower", "It is <cheaper>, [$60] a tonne.", None, None),
    ("lower", "Every ton was <cheaper> than the domestic [4,300 yuan].", None, None),
    ("lower", "It <saves> a carmaker up to [$120] per vehicle.", None, None),
    ("lower", "The magnets <undercut> sintered ones by [$14 to $17] a kilogram.", None, None),
    ("lower", "[60달러]로 <낮춘> 시제품을 내놨다.", None, None),
    ("lower", "국산은 [7억원]에 팔려 훨씬 <저렴>하다.", None, None),
    ("lower", "[10만원] 이상 <저렴>하다.", None, None),
    ("equal", "At [$60] it is <level> with the rest.", None, None),
]


def effect_of(direction: Literal["lower", "higher", "equal"], marked: str) -> PriceEffect:
    """Read a marked sentence, with exact spans: the amount stands in [ ], the cue in < >."""
    context = re.sub(r"[\[\]<>]", "", marked)
    spans = {}
    for opening, closing in ("[]", "<>"):
        if opening in marked:
            left, inner = (re.sub(r"[\[\]<>]", "", part) for part in marked.split(closing)[0].split(opening))
            spans[opening] = (len(left), len(left) + len(inner))
    cue_span, amount_span = spans["<"], spans.get("[")
    amount = context[slice(*amount_span)] if amount_span else ""
    return price_effect(
        direction,
        amount,
        cue=context[slice(*cue_span)],
        context=context,
        amount_span=amount_span,
        cue_span=cue_span,
    )


@pytest.mark.parametrize(("direction", "marked", "ratio"), RATIOS)
def test_ratio(direction: Literal["lower", "higher", "equal"], marked: str, ratio: float | None) -> None:
    effect = effect_of(direction, marked)
    assert effect.ratio == (ratio if ratio is None else pytest.approx(ratio, rel=1e-9))
    assert (effect.difference, effect.currency) == (None, None)


@pytest.mark.parametrize(("direction", "marked", "difference", "currency"), DIFFERENCES)
def test_difference(
    direction: Literal["lower", "higher", "equal"], marked: str, difference: float | None, currency: str | None
) -> None:
    assert effect_of(direction, marked) == PriceEffect(None, difference, currency)


def test_tables_are_as_large_as_promised() -> None:
    assert len(MONEY) + len(PERCENT) + len(MULTIPLE) + len(RANGES) + len(UNREADABLE) >= 120
    assert len(RATIOS) + len(DIFFERENCES) >= 100


def test_spans_decide_between_equal_amounts() -> None:
    text = "It weighs 30% less, and at 30% of the cost it wins."
    weight, cost = text.index("30%"), text.rindex("30%")
    cue = (text.index("cost"), text.index("cost") + 4)
    share = price_effect("lower", "30%", cue="cost", context=text, amount_span=(cost, cost + 3), cue_span=cue)
    change = price_effect("lower", "30%", cue="cost", context=text, amount_span=(weight, weight + 3), cue_span=cue)
    assert (share.ratio, change.ratio) == (0.3, 0.7)
    # Without spans the occurrence nearest to the cue counts.
    assert price_effect("lower", "30%", cue="cost", context=text).ratio == 0.3


def test_missing_amount_and_cue() -> None:
    nothing = PriceEffect(None, None, None)
    assert price_effect("lower", "", cue="cheaper", context="It is cheaper.") == nothing
    assert price_effect("lower", "30%", cue="cheaper", context="It is cheaper.") == nothing
    assert price_effect("equal", "", cue="same price", context="") == PriceEffect(1.0, None, None)


def test_wrong_span_is_refused() -> None:
    with pytest.raises(ValueError, match="cheaper"):
        price_effect("lower", "30%", cue="cheaper", context="30% cheaper", amount_span=(4, 11))


# --- properties ---------------------------------------------------------------------------------------------------

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=40)
FRAGMENT = st.sampled_from(
    "일 이 삼 십 백 천 만 억 조 원 달러 배 % 퍼센트 분의 절반 여 ~ - to and half a third one twenty hundred million bn "
    "$ € won times fold percent 1 2 30 1,000 0.5 / . , ½ 할 점 \x00 \ud800".split(" ")
)
AMOUNT_LIKE = st.lists(st.one_of(FRAGMENT, st.just(" ")), max_size=12).map("".join)


@given(st.one_of(ANY_TEXT, AMOUNT_LIKE))
@example("\x00")
@example("\ud800%")
@example("1" * 5000 + "%")
@example("10" + "0" * 400 + " won")
def test_parsing_never_raises_and_low_does_not_exceed_high(text: str) -> None:
    quantity = parse_quantity(text)
    if quantity is not None:
        assert 0 <= quantity.low <= quantity.high < math.inf
        assert (quantity.kind == "money") == (quantity.currency is not None)
        assert quantity.value == (quantity.low if quantity.low == quantity.high else None)


@given(
    st.sampled_from(["lower", "higher", "equal"]),
    st.one_of(ANY_TEXT, AMOUNT_LIKE),
    st.one_of(ANY_TEXT, st.sampled_from(["", " of the ", "까지 ", " 수준의 ", " as ", "로 ", "의 "])),
    st.sampled_from(["cheaper", "가격", "비싸", "cost", "\ud800", "<", "절감"]),
    ANY_TEXT,
)
def test_effect_never_raises_and_agrees_with_direction(
    direction: Literal["lower", "higher", "equal"], amount: str, between: str, cue: str, before: str
) -> None:
    context = before + amount + between + cue
    spans = (len(before), len(before) + len(amount)), (len(context) - len(cue), len(context))
    effect = price_effect(direction, amount, cue=cue, context=context, amount_span=spans[0], cue_span=spans[1])
    if effect.ratio is not None:
        assert {"lower": 0 < effect.ratio < 1, "higher": effect.ratio > 1, "equal": effect.ratio == 1}[direction]
    if effect.difference is not None:
        assert effect.ratio is None and effect.currency is not None
        assert (effect.difference < 0) == (direction == "lower")


ENGLISH_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
ENGLISH_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


ENGLISH_SCALES = {10**12: "trillion", 10**9: "billion", 10**6: "million", 1000: "thousand", 100: "hundred"}


def in_english(number: int) -> str:
    for scale, name in ENGLISH_SCALES.items():
        if number >= scale:
            rest = f" {in_english(number % scale)}" if number % scale else ""
            return f"{in_english(number // scale)} {name}{rest}"
    if number < 20:
        return ENGLISH_ONES[number]
    return ENGLISH_TENS[number // 10] + (f"-{ENGLISH_ONES[number % 10]}" if number % 10 else "")


def in_korean(number: int, digits: bool) -> str:
    """Spell a number in Korean: "1조2천300억" with digits, "일조이천삼백억" without."""
    parts = []
    for scale, name in ((10**12, "조"), (10**8, "억"), (10**4, "만"), (1, "")):
        group, number = divmod(number, scale)
        if digits and group:
            thousands, rest = divmod(group, 1000)
            parts.append((f"{thousands}천" if thousands else "") + (str(rest) if rest else "") + name)
        elif group:
            spelled = "".join(
                "영일이삼사오육칠팔구"[group // unit % 10] + mark
                for unit, mark in ((1000, "천"), (100, "백"), (10, "십"), (1, ""))
                if group // unit % 10
            )
            parts.append(spelled + name)
    return "".join(parts)


def spoken_only(number: int) -> bool:
    """Whether the Korean spelling ends like clipped speech ("1억2천"), which is None by rule."""
    tail = number % 10**8
    return number >= 10**8 and 0 < tail < 10**4 and tail % 10 == 0


@given(st.integers(1, 10**15 - 1))
@example(10**4)
@example(3_200_000_000_000)
def test_spellings_of_one_number_agree(number: int) -> None:
    spellings = [f"{number}원", f"{number:,} won", f"₩{number:,}", f"{in_english(number)} won", f"KRW {number}"]
    if not spoken_only(number):
        spellings += [f"{in_korean(number, digits)}{gap}원" for digits in (True, False) for gap in ("", " ")]
    for spelling in spellings:
        quantity = parse_quantity(spelling)
        assert quantity is not None, spelling
        assert (quantity.value, quantity.currency) == (float(number), "KRW"), spelling


@given(
    st.decimals(min_value="0.01", max_value=999, places=2),
    st.sampled_from(
        [("m", "million", "백만", 10**6), ("bn", "billion", "십억", 10**9), ("tn", "trillion", "조", 10**12)],
    ),
)
def test_spellings_of_one_scale_agree(number: Decimal, scale: tuple[str, str, str, int]) -> None:
    short, english, korean, factor = scale
    for spelling in (
        f"${number}{short}",
        f"US${number} {short}",
        f"{number} {english} dollars",
        f"${number}-{english}",
        f"{number} {korean} 달러",
    ):
        quantity = parse_quantity(spelling)
        assert quantity is not None, spelling
        assert quantity.value == float(number * factor), spelling


@given(st.integers(1, 99), st.integers(2, 100))
def test_fractions(numerator: int, denominator: int) -> None:
    for spelling in (f"{denominator}분의 {numerator}", f"{numerator}/{denominator}"):
        quantity = parse_quantity(spelling)
        if numerator < denominator:
            assert quantity is not None and quantity.value == numerator / denominator
        else:
            assert quantity is None


@given(st.integers(1, 99))
def test_change_and_share_of_one_percentage_add_up_to_one(percent: int) -> None:
    for change, share in (
        (f"It is [{percent} percent] <cheaper>.", f"It sells at [{percent} percent] of the <price>."),
        (f"일본산보다 [{percent}%] <저렴>하다.", f"일본산의 [{percent}%] <가격>이다."),
    ):
        ratios = effect_of("lower", change).ratio, effect_of("lower", share).ratio
        assert ratios[0] is not None and ratios[1] is not None
        assert sum(filter(None, ratios)) == pytest.approx(1)
