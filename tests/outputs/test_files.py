import pytest

from sobujang.document import Document
from sobujang.errors import FormatError
from sobujang.outputs.files import OutputError, replacing
from sobujang.outputs.jsonl import read_records, record_writer, write_records

DOCUMENTS = [Document(id=str(number), text=f"값 {number}\n\x00", lang="ko") for number in range(3)]


def test_records_come_back_in_order(tmp_path):
    path = tmp_path / "deep" / "er" / "records.jsonl"
    write_records(DOCUMENTS, path)
    assert list(read_records(path)) == DOCUMENTS
    assert [p.name for p in path.parent.iterdir()] == ["records.jsonl"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError("fault")])
def test_what_was_written_outlives_the_end(tmp_path, end):
    path = tmp_path / "records.jsonl"
    write_records(DOCUMENTS[:1], path)
    with pytest.raises(BaseException) as caught, record_writer(path) as write:
        write(DOCUMENTS[1])
        # Nothing is held back: a process that is killed here has written it.
        part = tmp_path / "records.jsonl.part"
        assert list(read_records(part)) == DOCUMENTS[1:2]
        raise end
    assert list(read_records(part)) == DOCUMENTS[1:2]
    assert list(read_records(path)) == DOCUMENTS[:1]
    assert caught.value.__notes__ == [f"what was written so far is in {part}"]


def test_nothing_stays_where_nothing_was_written(tmp_path):
    with pytest.raises(KeyboardInterrupt) as caught, replacing(tmp_path / "x.html"):
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    assert not hasattr(caught.value, "__notes__")


def test_places_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "folder.jsonl").mkdir()
    for path in (tmp_path / "file" / "x.jsonl", tmp_path / "folder.jsonl", "/proc/nowhere/x.jsonl"):
        with pytest.raises(OutputError, match=r"cannot write: .*; name another place"):
            write_records(DOCUMENTS, path)


def test_a_full_disk_is_an_error_of_one_line(tmp_path):
    (tmp_path / "x.jsonl.part").symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"x\.jsonl: cannot write: No space left on device$"):
        write_records(DOCUMENTS, tmp_path / "x.jsonl")


def test_broken_records_are_named_by_file_and_line(tmp_path):
    path = tmp_path / "records.jsonl"
    path.write_bytes(DOCUMENTS[0].to_json() + b"\n\n{}\n")
    with pytest.raises(FormatError, match=r"records\.jsonl:3: .*missing required field"):
        list(read_records(path))
    with pytest.raises(FormatError, match="gone: cannot read: No such file"):
        list(read_records(tmp_path / "gone"))
