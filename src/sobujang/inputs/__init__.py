"""Reading documents from files: one module a format, and `sources`, which finds the files."""

from sobujang.inputs.failed import FailedDocument
from sobujang.inputs.options import ReadOptions
from sobujang.inputs.sources import Source, Sources, count_documents, find_sources, read_documents

__all__ = ["FailedDocument", "ReadOptions", "Source", "Sources", "count_documents", "find_sources", "read_documents"]
