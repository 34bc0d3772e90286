import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sobujang.document import Document
from sobujang.inputs import FailedDocument, ReadOptions
from sobujang.inputs.packed import UnreadableError
from sobujang.inputs.text_files import read_text_file

NEWS = "한빛정밀은 황동 커넥터를 일본산의 절반 가격에 납품한다.\r\n둘째 줄"


def read(path, content, encoding="utf-8"):
    path.write_bytes(content)
    [item] = read_text_file(path, path.stem, ReadOptions(encoding))
    return item


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_every_text_comes_back_as_it_is(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("texts") / "a.txt"
    read_back = read(path, text.encode())
    assert read_back.text == text.removeprefix("\ufeff")


def test_line_ends_and_control_characters_stay(tmp_path):
    assert read(tmp_path / "a.txt", NEWS.encode()).text == NEWS
    assert read(tmp_path / "b.txt", b"a\x00b\x1b[31m\r\n").text == "a\x00b\x1b[31m\r\n"


def test_byte_order_mark_is_left_out(tmp_path):
    assert read(tmp_path / "a.txt", codecs.BOM_UTF8 + NEWS.encode()).text == NEWS


@pytest.mark.parametrize("content", [b"", b" \n\t\n", "🙂🙂".encode(), b"x" * 1_000_000])
def test_odd_texts_are_documents(tmp_path, content):
    document = read(tmp_path / "a.txt", content)
    assert isinstance(document, Document)
    assert document.text == content.decode()


def test_other_encodings_are_named_with_what_mends_them(tmp_path):
    path = tmp_path / "a.txt"
    failed = read(path, b"abc " + NEWS.encode("cp949"))
    assert isinstance(failed, FailedDocument)
    assert failed.source == str(path)
    assert "not utf-8 at byte 4" in failed.reason
    assert f"iconv -f cp949 -t utf-8 {path}" in failed.reason
    assert "--encoding cp949" in failed.reason
    assert "\n" not in failed.reason


def test_a_file_in_utf16_and_one_in_utf8_are_recognised(tmp_path):
    assert "looks like utf-16" in read(tmp_path / "a.txt", NEWS.encode("utf-16")).reason
    assert "looks like utf-8: use --encoding utf-8" in read(tmp_path / "b.txt", NEWS.encode(), "cp949").reason


def test_bytes_of_no_known_encoding(tmp_path):
    failed = read(tmp_path / "a.txt", b"\xff\xff\xff")
    assert failed.reason == "not utf-8 at byte 0; name the file's encoding: --encoding NAME"


def test_encoding_is_used(tmp_path):
    assert read(tmp_path / "a.txt", NEWS.encode("cp949"), "cp949").text == NEWS


@pytest.mark.parametrize("encoding", ["cp949", "utf-8", "utf-16", "utf-16-le", "utf-32", "utf-8-sig"])
def test_the_encoding_is_found_out(tmp_path, encoding):
    assert read(tmp_path / "a.txt", NEWS.encode(encoding), None).text == NEWS


def test_english_of_old_windows_is_found_out(tmp_path):
    text = "The firm’s “valves” cost €20 less."
    assert read(tmp_path / "a.txt", text.encode("cp1252"), None).text == text


def test_what_is_no_text_fails(tmp_path):
    failed = read(tmp_path / "a.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, None)
    assert "in no encoding that is tried" in failed.reason


def test_a_file_that_is_gone(tmp_path):
    with pytest.raises(UnreadableError, match="cannot read: No such file or directory"):
        list(read_text_file(tmp_path / "gone.txt", "gone", ReadOptions()))
