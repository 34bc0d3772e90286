import pytest
from kiwipiepy import Kiwi

from sobujang.text.particles import agreeing_particle, final_consonant


@pytest.mark.parametrize(
    ("text", "before", "after", "expected"),
    [
        ("필름은 얇다", "필름", "커넥터", "커넥터는 얇다"),
        ("커넥터가 팔린다", "커넥터", "필름", "필름이 팔린다"),
        ("커넥터를, 곧", "커넥터", "패널", "패널을, 곧"),
        ("필름과 단자", "필름", "단자대", "단자대와 단자"),
        ("필름으로 만든", "필름", "커넥터", "커넥터로 만든"),
        ("필름으로 만든", "필름", "패널", "패널로 만든"),
        ("패널로는 안 된다", "패널", "필름", "필름으로는 안 된다"),
        ("커넥터로부터", "커넥터", "필름", "필름으로부터"),
        ("커넥터와의 차이", "커넥터", "필름", "필름과의 차이"),
        ("LCD는 얇다", "LCD", "필름", "필름은 얇다"),
        ("필름이 얇다", "필름", "D램", "D램이 얇다"),
        ("필름이 얇다", "필름", "PCB", "PCB가 얇다"),
        ("필름은행에 갔다", "필름", "커넥터", "커넥터은행에 갔다"),
        ("일본이 아니라 일본산", "일본", "미국", "미국이 아니라 일본산"),
        ("커넥터이다", "커넥터", "필름", "필름이다"),
        ("필름는 틀린 말", "필름", "커넥터", "커넥터는 틀린 말"),
        ("film was", "film", "connector", "connector was"),
    ],
)
def test_the_particle_follows_the_new_word(text, before, after, expected):
    found = agreeing_particle(text, len(before), before, after)
    length, particle = found or (0, "")
    written = after + particle + text[len(before) + length :]
    if text == "커넥터이다":
        assert written == "필름이다"
    else:
        assert written == expected


def test_final_consonants_are_those_that_kiwi_hears():
    """Kiwi's own choice of 을 or 를 is the oracle."""
    kiwi = Kiwi()
    for word in ("커넥터", "필름", "웨이퍼", "동박", "양극재", "쌀", "칩", "값", "D램", "배터리"):
        heard = kiwi.join([(word, "NNG"), ("를", "JKO")])
        assert bool(final_consonant(word)) == heard.endswith("을"), word
