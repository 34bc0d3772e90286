import os

import pytest

from sobujang.document import Document
from sobujang.errors import InputError
from sobujang.inputs import FailedDocument, ReadOptions, count_documents, find_sources, read_documents


@pytest.fixture
def folder(tmp_path):
    for name in ("b/x.txt", "b/a.txt", "a.md", "B.TXT", "c.xyz", "noending", ".hidden/z.txt", "b/.z.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    (tmp_path / "l.jsonl").write_text('{"text": "1"}\n{"text": "2"}\n')
    return tmp_path


def names(found):
    return [source.name for source in found.files]


def test_a_folder_is_read_recursively_in_order_and_what_is_not_read_is_named(folder):
    found = find_sources([folder])
    assert names(found) == ["B", "a", "b/a", "b/x", "l"]
    assert found.skipped == {".xyz": 1, "noending": 1}
    documents = list(read_documents(found.files))
    assert [document.id for document in documents] == ["B", "a", "b/a", "b/x", "l-1", "l-2"]
    assert count_documents(found.files) == len(documents)


def test_order_of_the_paths_is_kept_and_a_file_is_read_once(folder):
    found = find_sources([folder / "b" / "x.txt", folder / "a.md", folder / "b", folder / "a.md"])
    assert names(found) == ["x", "a", "a"]
    assert [source.path.name for source in found.files] == ["x.txt", "a.md", "a.txt"]


def test_patterns(folder, monkeypatch):
    assert names(find_sources([f"{folder}/**/*.txt"])) == ["b/a", "b/x"]
    assert names(find_sources([f"{folder}/b/?.txt"])) == ["a", "x"]
    monkeypatch.chdir(folder)
    assert names(find_sources(["*/*.txt"])) == ["b/a", "b/x"]
    with pytest.raises(InputError, match="no file matches"):
        find_sources(["*.nothing"])


def test_a_name_with_brackets_is_a_name_first(tmp_path):
    (tmp_path / "[1].txt").write_text("x")
    assert names(find_sources([tmp_path / "[1].txt"])) == ["[1]"]


def test_what_is_not_there_is_an_error(folder):
    with pytest.raises(InputError, match="gone: no such file or folder"):
        find_sources([folder / "a.md", folder / "gone"])


def test_nothing_to_read_is_an_error_that_says_what_is_there(folder, tmp_path_factory):
    (folder / "only").mkdir()
    (folder / "only" / "a.xyz").touch()
    with pytest.raises(InputError, match=r"no file to read; endings read are .*there are files ending in \.xyz"):
        find_sources([folder / "only"])
    with pytest.raises(InputError, match="no file to read"):
        find_sources([tmp_path_factory.mktemp("empty")])


def test_a_file_given_by_name_fails_with_its_ending_and_the_others_go_on(folder):
    found = find_sources([folder / "c.xyz", folder / "a.md"])
    failed, document = read_documents(found.files)
    assert isinstance(failed, FailedDocument)
    assert "ending '.xyz' is not read" in failed.reason
    assert document.text == "a.md"


def test_own_output_is_not_read(folder):
    assert "l" not in names(find_sources([folder], exclude=[folder / "l.jsonl"]))
    with pytest.raises(InputError, match="overwrite"):
        find_sources([folder / "l.jsonl"], exclude=[folder / "b" / ".." / "l.jsonl"])


def test_the_second_of_two_equal_ids_fails(tmp_path):
    (tmp_path / "a.txt").write_text("1")
    (tmp_path / "a.md").write_text("2")
    (tmp_path / "z.jsonl").write_text('{"text": "3", "id": "a"}\n{"text": "4"}\n')
    items = list(read_documents(find_sources([tmp_path]).files))
    assert [type(item) for item in items] == [Document, FailedDocument, FailedDocument, Document]
    assert f"id 'a' is already taken by a document of {tmp_path / 'a.md'}" in items[1].reason


def test_things_that_are_no_files(tmp_path):
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "gone")
    os.mkfifo(tmp_path / "pipe.txt")
    dangling, pipe = read_documents(find_sources([tmp_path]).files)
    assert dangling.reason == "cannot read: No such file or directory"
    assert "not a regular file" in pipe.reason


def test_file_names_that_are_no_text(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.txt")).write_text("x")
    [document] = read_documents(find_sources([tmp_path]).files)
    assert document.id == "\ufffd"
    document.to_json()


@pytest.mark.parametrize("encoding", ["utf-9", "base64", "undefined"])
def test_unknown_encodings(encoding):
    with pytest.raises(InputError, match=f"encoding '{encoding}' is unknown"):
        read_documents([], ReadOptions(encoding))
