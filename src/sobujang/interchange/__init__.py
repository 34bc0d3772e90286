"""Annotation for the tools that people annotate with, and back: one module a format, `formats` lists them."""
