"""Reading, writing, checking and splitting annotated corpora."""
