"""Other libraries for the same work, where they are installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.base import Text

PATTERNS = {
    "DK_CPR": r"\b[0-3][0-9][01][0-9][0-9]{2}[- ]?[0-9]{4}\b",
    "DK_PHONE": r"(?<![0-9])(?:\+45 ?)?[2-9][0-9](?: ?[0-9]{2}){3}(?![0-9])",
    "EMAIL": r"\b[\w.%+-]+@[\w-]+(?:\.[\w-]+)+\b",
    "URL": r"\bhttps?://\S+",
    "DK_ADDRESS": r"\b[A-ZÆØÅ][a-zæøåé]+(?:vej|gade|vænget|allé|stræde|plads|parken) [1-9][0-9]{0,2}[A-Za-z]?\b",
    "IBAN": r"\bDK[0-9]{2}(?: ?[0-9]{4}){3} ?[0-9]{2}\b",
    "DK_PLATE": r"\b[A-ZÆØÅ]{2} ?[0-9]{2} ?[0-9]{3}\b",
}
SCORE = 0.5


def presidio() -> Callable[[Sequence[Text]], object] | None:
    """presidio-analyzer over a batch, with patterns for Danish and no language model; None where it is not installed.

    It finds numbers and addresses by shape: no names, no private matters, no inquiries.
    """
    try:
        import spacy  # noqa: PLC0415 an optional extra
        from presidio_analyzer import (  # noqa: PLC0415
            AnalyzerEngine,
            Pattern,
            PatternRecognizer,
            RecognizerRegistry,
        )
        from presidio_analyzer.nlp_engine import SpacyNlpEngine  # noqa: PLC0415
    except ImportError:
        return None
    language = SpacyNlpEngine(models=[{"lang_code": "da", "model_name": "blank"}])
    language.nlp = {"da": spacy.blank("da")}
    registry = RecognizerRegistry(supported_languages=["da"])
    for entity, pattern in PATTERNS.items():
        patterns = [Pattern(entity, pattern, SCORE)]
        registry.add_recognizer(PatternRecognizer(entity, patterns=patterns, supported_language="da"))
    engine = AnalyzerEngine(registry=registry, nlp_engine=language, supported_languages=["da"])
    return lambda batch: [engine.analyze(text.text, language="da") for text in batch]
