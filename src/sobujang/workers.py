"""Extraction in several processes, one model each: for machines with more cores than one process can keep busy.

Within a process only the network's passes run side by side; cutting texts and putting records together do not.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import TracebackType
from typing import Self

from sobujang.document import Document
from sobujang.errors import SobujangError, WorkerError
from sobujang.extractor import Extractor
from sobujang.model.config import ModelConfig
from sobujang.model.folder import CONFIG_FILE, check_folder, fingerprint
from sobujang.schema import Schema

# The model of this worker process.
_extractor: Extractor | None = None


class ExtractorPool:
    """Worker processes that extract batches; a context manager, after which they are gone.

    Attributes:
        schema: of the model.
        fingerprint: as `Extractor.fingerprint` has it.
        workers: how many processes there are.
    """

    def __init__(self, model: str | Path, workers: int) -> None:
        """Starts processes; each loads the model by itself.

        Args:
            model: a model folder.
            workers: how many; the cores of this machine are shared out among them.

        Raises:
            ModelError: the folder is no model.
        """
        folder = check_folder(Path(model))
        config = ModelConfig.from_file(folder / CONFIG_FILE)
        self.schema = Schema.from_dict(config.schema, config.name)
        self.fingerprint = fingerprint(folder)
        self.workers = workers
        threads = max(1, (os.cpu_count() or 1) // workers)
        # Not forked: ONNX Runtime's threads do not survive it.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(workers, context, initializer=_load, initargs=(str(folder), threads))

    def submit(self, documents: Sequence[Document]) -> Future[list[Document | SobujangError]]:
        """Extracts documents in one of the processes; see `extract_each` for what comes back."""
        return self._pool.submit(_extract, list(documents))

    def __enter__(self) -> Self:
        """Nothing to do: the processes start with the first batch."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends the processes; after an error without waiting for what they are at."""
        self._pool.shutdown(wait=error is None, cancel_futures=True)
        if isinstance(error, BrokenProcessPool):
            raise WorkerError(
                "a worker process was ended from outside, most often for want of memory; use fewer --workers"
            ) from None


def extract_each(extractor: Extractor, documents: Sequence[Document]) -> list[Document | SobujangError]:
    """Extracts a batch; where one document fails, the others do not.

    Returns:
        For each document its record, or the error that it led to.
    """
    try:
        return list(extractor.stream(documents, max(1, len(documents))))
    except SobujangError:
        pass  # which of them it was shows when each goes alone
    found: list[Document | SobujangError] = []
    for document in documents:
        try:
            found += extractor.stream([document], 1)
        except SobujangError as error:
            found.append(error)
    return found


def _load(folder: str, threads: int) -> None:
    global _extractor
    _extractor = Extractor.load(folder, threads)


def _extract(documents: list[Document]) -> list[Document | SobujangError]:
    assert _extractor is not None
    return extract_each(_extractor, documents)
