"""Office documents and web pages, made here: each gives its text, or one line that says why not."""

import io
import zipfile

import docx
import pypdf
import pytest

from sobujang.document import Document
from sobujang.inputs import FailedDocument, find_sources, read_documents
from sobujang.inputs import packed as packed_module

KOREAN = "한빛정밀은 커넥터를 일본산의 절반 가격에 납품한다."
ENGLISH = "Hanbit sells valves."


def read(path):
    [item] = read_documents(find_sources([path]).files)
    return item


def write_docx(path):
    made = docx.Document()
    made.add_paragraph(KOREAN)
    table = made.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "커넥터", "1,200원"
    made.add_paragraph(ENGLISH)
    made.save(str(path))


def pdf_bytes(*pages):
    """The smallest PDF that shows a line of ASCII on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    kids = []
    for page in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({page}) Tj ET" if page else ""
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    written, places = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{content}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (
        f"{written}xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
        f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    ).encode()


def write_hwpx(path):
    paragraphs = "".join(f"<hp:p><hp:run><hp:t>{line}</hp:t></hp:run></hp:p>" for line in (KOREAN, "둘째 줄"))
    section = (
        '<?xml version="1.0" encoding="UTF-8"?><hs:sec xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section" '
        f'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph">{paragraphs}</hs:sec>'
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/section0.xml", section)


def test_docx_keeps_the_order_of_paragraphs_and_tables(tmp_path):
    write_docx(tmp_path / "a.docx")
    document = read(tmp_path / "a.docx")
    assert document.text == f"{KOREAN}\n커넥터\t1,200원\n{ENGLISH}"
    starts = document.meta["paragraphs"]
    assert [document.text[start:].split("\n")[0] for start in starts] == document.text.split("\n")


def test_pdf_tells_where_pages_begin(tmp_path):
    (tmp_path / "a.pdf").write_bytes(pdf_bytes("Hanbit sells valves.", "It is cheaper."))
    document = read(tmp_path / "a.pdf")
    assert document.text.split() == ["Hanbit", "sells", "valves.", "It", "is", "cheaper."]
    assert document.text[document.meta["pages"][1] :].strip() == "It is cheaper."


def test_hwpx(tmp_path):
    write_hwpx(tmp_path / "a.hwpx")
    assert read(tmp_path / "a.hwpx").text.split("\n") == [KOREAN, "둘째 줄"]


def test_html_gives_the_main_text_without_menus(tmp_path):
    story = "".join(f"<p>{KOREAN} {ENGLISH} {number}</p>" for number in range(8))
    page = (
        f"<html><head><title>News</title></head><body><nav><a href='/'>Home</a> <a href='/b'>Login</a></nav>"
        f"<article><h1>Valves</h1>{story}</article><footer>Imprint</footer></body></html>"
    )
    (tmp_path / "a.html").write_text(page)
    document = read(tmp_path / "a.html")
    assert document.text.count(KOREAN) == 8
    assert "Login" not in document.text
    assert document.meta["source"] == str(tmp_path / "a.html")


def test_office_documents_gzipped(tmp_path):
    import gzip

    write_docx(tmp_path / "b.docx")
    (tmp_path / "a.docx.gz").write_bytes(gzip.compress((tmp_path / "b.docx").read_bytes()))
    document = read(tmp_path / "a.docx.gz")
    assert (document.id, KOREAN in document.text) == ("a", True)


def encrypted_pdf():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf_bytes("secret")))
    writer.encrypt("password", algorithm="RC4-128")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BAD = {
    "empty.pdf": (b"", "damaged, or of another format"),
    "text.pdf": (b"just text", "damaged, or of another format"),
    "cut.pdf": (pdf_bytes("Hanbit sells valves.")[:200], "damaged, or of another format"),
    "pictures.pdf": (pdf_bytes("", ""), "holds no text; where its pages are pictures, run OCR first"),
    "secret.pdf": (encrypted_pdf(), "protected by a password; save it without one"),
    "empty.docx": (b"", "damaged, protected by a password, or of another format"),
    "zip.docx": (b"PK\x05\x06" + b"\0" * 18, "damaged, or of another format"),
    "secret.docx": (OLE + b"\0" * 600, "an old .doc, or protected by a password"),
    "empty.hwpx": (b"", "damaged, protected by a password, or of another format"),
    "old.hwp": (b"HWP Document File V3.00", "not of the format HWP 5"),
    "cut.hwp": (OLE + b"\0" * 600, "damaged, or of another format"),
    "empty.html": (b"", "no main text was found"),
    "nothing.html": (b"<html><body></body></html>", "no main text was found"),
    "gone.txt.gz": (b"no gzip", "damaged gzip file"),
    "cut.txt.gz": (b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01", "damaged gzip file"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_one_line(tmp_path, name):
    content, reason = BAD[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(ENGLISH)
    failed, good = read_documents(find_sources([tmp_path / name, tmp_path / "good.txt"]).files)
    assert isinstance(failed, FailedDocument)
    assert reason in failed.reason
    assert "\n" not in failed.reason
    assert good.text == ENGLISH


def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    import gzip

    monkeypatch.setattr(packed_module, "LIMIT", 1000)
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(b"x" * 1001))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b"x" * 1001))
    with zipfile.ZipFile(tmp_path / "c.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", "x" * 1001)
    (tmp_path / "d.txt").write_bytes(b"x" * 1001)
    (tmp_path / "e.pdf.gz").write_bytes(gzip.compress(b"x" * 1001))
    (tmp_path / "f.txt").write_bytes(b"x" * 1000)
    *failed, good = read_documents(find_sources([tmp_path]).files)
    assert [item.reason.split(",")[0] for item in failed] == ["holds more than 0 MB"] * 5
    assert isinstance(good, Document)


def test_a_reader_that_is_not_installed_is_named(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pypdf", None)
    (tmp_path / "a.pdf").write_bytes(pdf_bytes("x"))
    assert "pip install 'sobujang[documents]'" in read(tmp_path / "a.pdf").reason
