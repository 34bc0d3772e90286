import errno

import pytest

from sobujang.document import Document
from sobujang.errors import OutputError
from sobujang.outputs.files import replacing
from sobujang.outputs.jsonl import read_records, record_writer, write_records

DOCUMENTS = [Document(id=str(number), text=f"값 {number}\n\x00", lang="ko") for number in range(3)]


def test_records_come_back_in_order(tmp_path):
    path = tmp_path / "deep" / "er" / "records.jsonl"
    write_records(path, DOCUMENTS)
    assert list(read_records(path)) == DOCUMENTS
    assert [p.name for p in path.parent.iterdir()] == ["records.jsonl"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, RuntimeError("fault")])
def test_what_was_written_outlives_the_end(tmp_path, end):
    path = tmp_path / "records.jsonl"
    write_records(path, DOCUMENTS[:1])
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
            write_records(path, DOCUMENTS)


def test_a_full_disk_is_an_error_of_one_line(tmp_path):
    (tmp_path / "x.jsonl.part").symlink_to("/dev/full")
    with pytest.raises(OutputError, match=r"x\.jsonl: cannot write: No space left on device$"):
        write_records(tmp_path / "x.jsonl", DOCUMENTS)


def test_a_disk_that_fails_at_the_end_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "x.txt"
    path.write_bytes(b"old")

    def fail(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("sobujang.outputs.files.os.fsync", fail)
    with pytest.raises(OutputError, match=r"x\.txt: cannot write: Input/output error\n"), replacing(path) as append:
        append(b"new")
    assert path.read_bytes() == b"old"
    assert (tmp_path / "x.txt.part").read_bytes() == b"new"
