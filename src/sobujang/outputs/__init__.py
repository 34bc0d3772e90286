"""Writing records: one module a format. Everything here sees records and a schema, never a model."""
