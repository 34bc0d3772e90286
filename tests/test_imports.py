"""What importing and extracting pull in; each case in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HEAVY = ("torch", "transformers", "datasets", "spacy", "onnxruntime", "sklearn", "kiwipiepy", "numpy")


def loaded(code: str, *arguments: str) -> set[str]:
    """Which of the heavy packages are in `sys.modules` after the code ran."""
    script = f"import sys\n{code}\nprint(*[m for m in {HEAVY} if m in sys.modules])"
    command = [sys.executable, "-W", "error", "-c", script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_heavy() -> None:
    assert loaded("import sobujang; assert sobujang.__version__") == set()


def test_records_and_schemas_need_nothing_heavy() -> None:
    assert loaded("from sobujang import Document, Schema; Schema.default(); Document(id='a', text='b')") == set()


def test_extracting_needs_no_torch(model_folder: Path) -> None:
    code = "import sobujang; assert sobujang.load(sys.argv[1]).extract('한빛정밀은 the wafers 가격을 낮추다.').spans"
    found = loaded(code, str(model_folder))
    assert found == {"onnxruntime", "kiwipiepy", "numpy"}


def test_public_names() -> None:
    code = "import sobujang; [getattr(sobujang, name) for name in sobujang.__all__]\n"
    code += "try: sobujang.Missing\nexcept AttributeError as error: assert 'Missing' in str(error)\nelse: exit(1)"
    assert "torch" not in loaded(code)
