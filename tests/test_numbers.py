"""Phone, e-mail, address, account, case number and plate: sentences that need each rule, and their false friends."""

from __future__ import annotations

import pytest

from analysis.base import Text
from analysis.detectors import account, address, case_number, email, phone, plate

DETECTORS = {m.NAME: m.detector for m in (account, address, case_number, email, phone, plate)}


def found(kind: str, text: str) -> list[tuple[str, str]]:
    return [(f.reason, text[f.start : f.end]) for _, f in DETECTORS[kind].find([Text("foran"), Text(text)])]


FOUND = [
    ("phone", "Ring på 23 45 67 89", "phone_number", "23 45 67 89"),
    ("phone", "mit nr er 23456789.", "phone_number", "23456789"),
    ("phone", "+45 23456789", "phone_number", "+45 23456789"),
    ("phone", "0045 23 45 67 89", "phone_number", "0045 23 45 67 89"),
    ("phone", "(75.62.10.20)", "phone_number", "75.62.10.20"),
    ("phone", "75-62-10-20", "phone_number", "75-62-10-20"),
    ("phone", "2345 6789", "phone_number", "2345 6789"),
    ("phone", "+46 8 123 456 78", "phone_number", "+46 8 123 456 78"),
    ("phone", "2345６７89", "phone_number", "2345６７89"),
    ("phone", "tlf. 37123456", "phone_word", "37123456"),
    ("phone", "ring til min mand på 73 09 69 54", "phone_word", "73 09 69 54"),
    ("phone", "70 12 34 56", "phone_service", "70 12 34 56"),
    ("email", "skriv til lene.holm@eksempel.example!", "email_person", "lene.holm@eksempel.example"),
    ("email", "Søren-P@ø-by.example", "email_person", "Søren-P@ø-by.example"),
    ("email", "lene (at) eksempel.example", "email_person", "lene (at) eksempel.example"),
    ("email", "lene snabel-a eksempel.example", "email_person", "lene snabel-a eksempel.example"),
    ("email", "lene@eksempel-kommune.example", "email_function", "lene@eksempel-kommune.example"),
    ("email", "info@eksempel.example", "email_function", "info@eksempel.example"),
    ("address", "Hun bor på Elmevej 4, 2. tv, 8999 Nørreå", "address_lives", "Elmevej 4, 2. tv, 8999 Nørreå"),
    ("address", "vi bor elmevej 12b", "address_lives", "elmevej 12b"),
    ("address", "De bor på Ballebjerg 4", "address_lives", "Ballebjerg 4"),
    ("address", "Naboen på Elmevej 4 råber", "address_lives", "Elmevej 4"),
    ("address", "Gammel Møllevej 30 st. th", "address_door", "Gammel Møllevej 30 st. th"),
    ("address", "Nørre Allé 12, 3.mf", "address_door", "Nørre Allé 12, 3.mf"),
    ("address", "Elmevej 4 1. sal", "address_door", "Elmevej 4 1. sal"),
    ("address", "Elmevej 4, 8999 Nørreå", "address_full", "Elmevej 4, 8999 Nørreå"),
    ("address", "Lygten ved Elmevej 4 er slukket", "address_street", "Elmevej 4"),
    ("address", "Lise Holm Elmevej 4", "address_street", "Elmevej 4"),
    ("address", "H.C. Andersens Vej 12B", "address_street", "H.C. Andersens Vej 12B"),
    ("address", "Vi er flyttet til Ballebjerg 18", "address_lives", "Ballebjerg 18"),
    ("address", "Ballebjerg 18, 2. tv", "address_door", "Ballebjerg 18, 2. tv"),
    ("address", "ved nr. 6 på Karen Holms Vænge", "address_street", "nr. 6 på Karen Holms Vænge"),
    ("address", "koden til mors dør er 4471#", "address_code", "4471#"),
    ("address", "dørkoden er 4711", "address_code", "4711"),
    ("address", "Koden til nøgleboksen er 0815", "address_code", "0815"),
    ("account", "reg. 1234 konto 0012345678", "account_word", "1234 konto 0012345678"),
    ("account", "Indbetal til 1234-12345678", "account_word", "1234-12345678"),
    ("account", "1234 0012345678", "account_shape", "1234 0012345678"),
    ("account", "DK50 0040 0440 1162 43", "account_iban", "DK50 0040 0440 1162 43"),
    ("case_number", "Sagsnr. 24/18233", "case_number_word", "24/18233"),
    ("case_number", "min sag 2024-018233 ligger", "case_number_word", "2024-018233"),
    ("case_number", "journalnr.: 123456", "case_number_word", "123456"),
    ("case_number", "Se 24/018233", "case_number_shape", "24/018233"),
    ("case_number", "27.24.00-G01-12-24", "case_number_shape", "27.24.00-G01-12-24"),
    ("case_number", "S2024-1234", "case_number_shape", "S2024-1234"),
    ("case_number", "EMN-2024-01234", "case_number_shape", "EMN-2024-01234"),
    ("case_number", "BS-12345/2024-KBH", "case_number_shape", "BS-12345/2024-KBH"),
    ("plate", "Bilen AB 12 345 holdt på fortovet", "plate_word", "AB 12 345"),
    ("plate", "naboens bil ab 12345", "plate_word", "ab 12345"),
    ("plate", "AB12345", "plate_shape", "AB12345"),
]

FALSE_FRIENDS = [
    ("phone", "CVR 29189846"),
    ("phone", "Er 26/075040 den rigtige"),
    ("phone", "2019-02-02 og 24-12-2025"),
    ("phone", "skoleåret 2024-2025"),
    ("phone", "i 2025 2026"),
    ("phone", "Det kostede 23456789 kr"),
    ("phone", "12 34 56 78"),
    ("phone", "uge 23 24 25 26"),
    ("phone", "https://eksempel.example/a/23456789/b"),
    ("phone", "Ordrenr. 23456789"),
    ("phone", "EAN 5798001234567"),
    ("phone", "140572-1234"),
    ("phone", "Ring 112 eller 1813"),
    ("email", "@Lene Holm kom nu"),
    ("email", "tak @lene.holm"),
    ("email", "@frk.lene @lis.krog lørdag?"),
    ("email", "vi ses @ torvet. Hej"),
    ("email", "snabelaer. og elefanter"),
    ("address", "2025 Tiludbetaling, 1503 Lørdag"),
    ("address", "Danmark 3 - Sverige 1"),
    ("address", "motorvej 45 er spærret"),
    ("address", "de er på vej 4 gange om dagen"),
    ("address", "Børnene på Legepladsen 4 gange"),
    ("address", "Elmevej 4-6 er lukket"),
    ("address", "bussen fra Elmevej 12.30"),
    ("address", "Bakkesvinget ved nr 30"),
    ("address", "Hvad er koden?"),
    ("address", "Ved Skolen 3. klasse"),
    ("account", "1234-12345678"),
    ("account", "i 2025 123456 borgere"),
    ("account", "DK50 0040 0440 1162 44"),
    ("case_number", "åbent 24/7, også 24/12-2025"),
    ("case_number", "2024/2025 og 1/2"),
    ("case_number", "tlf. 24/123456"),
    ("plate", "DK 12 345"),
    ("plate", "nye p-pladser til biler, DK 12 345"),
    ("plate", "TV 20 123 seere"),
    ("plate", "af 12345 borgere"),
]


@pytest.mark.parametrize(("kind", "text", "reason", "expected"), FOUND)
def test_found(kind, text, reason, expected):
    """The place and the reason, in the right text of the batch."""
    assert [(reason, expected)] == found(kind, text)


@pytest.mark.parametrize(("kind", "text"), FALSE_FRIENDS)
def test_false_friends(kind, text):
    """Looks like one, is none."""
    assert [] == found(kind, text)


def test_each_reason_has_a_sentence_that_needs_it():
    """A reason code that no sentence of the table gives is not proved."""
    declared = {reason for detector in DETECTORS.values() for reason in detector.reasons}
    assert declared == {reason for _, _, reason, _ in FOUND}
