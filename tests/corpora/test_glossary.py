from pathlib import Path

import pytest

from sobujang.corpora.glossary import read_glossary
from sobujang.errors import FormatError
from sobujang.schema import Schema

SHIPPED = Path(__file__).parents[2] / "corpora" / "glossary.tsv"
HEADER = "label\tko\ten\ttopic\n"


def write(folder, text):
    path = folder / "glossary.tsv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_names_keep_their_order(tmp_path):
    (concept,) = read_glossary(
        write(tmp_path, HEADER + "MATERIAL\t포토레지스트 | 감광액\tphotoresist | resist\tresists\n")
    )
    assert concept.names == ("포토레지스트", "감광액", "photoresist", "resist")
    assert (concept.label, concept.topic) == ("MATERIAL", "resists")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "first line must name the columns"),
        ("label,ko,en,topic\n", "first line must name the columns"),
        (HEADER + "PART\t정전척\n", ":2: wants 4 cells"),
        (HEADER + "PART\t\tchuck\tesc\n", ":2: wants 4 cells"),
        (HEADER + "PART\t정전척\tESC\tesc\nPART\t정전척\tESC\tesc\n", ":3: 정전척.*line 2"),
        ("라벨".encode("cp949"), "not UTF-8"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(FormatError, match=message) as caught:
        read_glossary(path)
    assert str(path) in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match=r"no\.tsv: cannot read"):
        read_glossary(tmp_path / "no.tsv")


def test_the_projects_glossary_is_whole():
    concepts = read_glossary(SHIPPED)
    assert len(concepts) >= 1500
    assert {concept.label for concept in concepts} == {"MATERIAL", "PART", "EQUIPMENT", "PRODUCT"}
    assert {concept.label for concept in concepts} <= set(Schema.default().labels)
    for concept in concepts:
        assert all(name == name.strip() and "|" not in name for name in concept.names), concept
        assert len(set(concept.ko)) == len(concept.ko) and len(set(concept.en)) == len(concept.en), concept
