"""Cutting text: tokens, sentences, language, windows. Offsets are half-open and count code points."""
