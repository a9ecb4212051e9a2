"""What the language detectors find, sentence by sentence, each with a false friend that must stay quiet."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.base import Text
from analysis.engine import Engine, discover
from analysis.model.scorer import WEIGHTS
from analysis.rules import verdict
from data.types import Finding

ROOT = Path(__file__).parent.parent
ENGINE = Engine()


def judged(text, **where):
    return ENGINE.judge([Text(text, **where)])[0]


def reasons(text, kind, **where):
    return {finding.reason for finding in judged(text, **where).findings if finding.type == kind}


@pytest.mark.parametrize(
    ("text", "reason", "friend"),
    [
        ("I går så jeg Lene Holm ved åen, hun er dement", "person_full", "I går så jeg Lene Holms Vej, den er lang"),
        ("Nu er Emil på 4 kommet hjem", "person_given_age", "Nu er vi på 4 kommet hjem"),
        ("Han har ventet på Emil i dag", "person_given", "Han har ventet på bussen i dag"),
        ("Min mor Inger har fået demens", "person_relative", "Min mor ringer, hun har fået demens"),
        ("Så er det M.K. igen der kaster med stole", "person_initials", "Så er det kl. 9 igen"),
        ("Hej Camilla. Vi ses på torsdag", "person_greeted", "Hej alle. Vi ses på torsdag"),
        ("Ring til skoleleder Anders Toft i morgen", "person_official", "Ring til skolen i morgen"),
        ("@Lene skal vi tage derned?", "person_tagged", "Skal vi tage derned?"),
        ("Bamsen Ludvig er med på tur", "person_thing", "Bamsen er med på tur"),
        ("Det er flot. Mange hilsner Karen", "person_signed", "Det er flot. Mange hilsner"),
        ("Jeg hedder Bertil og er 71", "person_self", "Den hedder stormen og er sur"),
        ("Han hedder Yonas og bor her", "person_named", "Han bor her og er glad"),
        ("Det var Mette Frederiksens skyld", "person_known", "Det var Mette Frederiksberg, ikke hende"),
        ("Det er fru Støjberg igen", "person_known", "Det er Anna Støjberg igen"),
    ],
)
def test_persons(text, reason, friend):
    """A name is told apart by its company, and a word that only looks like one is nobody."""
    assert reason in reasons(text, "person")
    assert reason not in reasons(friend, "person")


@pytest.mark.parametrize("institution", ["plejecenter", "skole", "jobcenter"])
def test_a_well_known_name_where_it_may_be_another(institution):
    """On the page of a place with users, a name from the newspapers is a resident's or a pupil's: it counts."""
    said = "Mette Frederiksen fra gruppe 2 har fået demens"
    assert {"person_full"} == reasons(said, "person", institution=institution)
    assert {"person_known"} == reasons(said, "person", institution="kommune")


@pytest.mark.parametrize(
    ("text", "reason", "friend"),
    [
        ("Min mand har sklerose", "identifying_own_kin", "Manden i filmen har sklerose"),
        ("Min datter på 4 har epilepsi", "identifying_own_kin_age", "Min datter har epilepsi"),
        ("Hils din mand, han er jo dement", "identifying_your_kin", "Hils alle, demens er hårdt"),
        ("Naboen er skizofren", "identifying_neighbour", "Byen er for skizofrene"),
        ("Ham i nr. 4 drikker", "identifying_figure_home", "Ham drikker vi sammen med"),
        ("Drengen i 3.b bider de andre", "identifying_figure_room", "Drengen bider de andre"),
        ("Ham den skaldede er alkoholiker", "identifying_figure_looks", "Ham er alkoholiker"),
        ("Beboeren på stue 14 er dement", "identifying_room_number", "Beboeren er dement"),
        ("Der går en i 8.b, hun er lesbisk", "identifying_class", "Der går en, hun er lesbisk"),
    ],
)
def test_descriptions(text, reason, friend):
    """Relatives, rooms, classes and looks single somebody out; the same words without them do not."""
    assert reason in reasons(text, "identifying")
    assert reason not in reasons(friend, "identifying")


@pytest.mark.parametrize(
    ("text", "where", "breach"),
    [
        ("Min kone Ellinor har haft brystkræft to gange", {"institution": "sundhed"}, "clear"),
        ("Demenscafé torsdag kl. 14, alle er velkomne", {"institution": "sundhed", "by_page": True}, "none"),
        ("Velkommen til Emil på Blå stue 💙", {"institution": "dagtilbud", "by_page": True}, "possible"),
        ("Bamsen Ludvig er på ferie 🧸", {"institution": "dagtilbud", "by_page": True}, "none"),
        ("Hej Lene. Tak for din besked, ring til os.", {"institution": "jobcenter", "by_page": True}, "none"),
        ("Hvornår åbner I i morgen?", {"institution": "bibliotek"}, "none"),
    ],
)
def test_breaches(text, where, breach):
    """Who wrote it, who is named and what is told decide together."""
    assert breach == judged(text, **where).breach


def test_who_tells_of_themself_gives_nobody_else_away():
    """However much the words look like a breach; where rules found somebody else, or the page writes, it stays one."""
    loud = {"breach": 0.9, "clear": 0.9, "self": 0.6}
    text = Text("Jeg sprang ud for et år siden", institution="familie")
    somebody = Finding("identifying", 1, "identifying", 0, 3, 0.7, "identifying_own_kin")
    matter = Finding("matter", 1, "sexuality", 4, 14, 0.8, "matter_sexuality")
    assert "self" == verdict(text, [], loud).breach
    assert "self" == verdict(text, [matter], loud).breach
    assert "clear" == verdict(text, [somebody, matter], loud).breach
    assert "clear" == verdict(replace(text, by_page=True), [], loud).breach


@pytest.mark.parametrize(
    ("text", "inquiry"),
    [
        ("Hvornår åbner I på lørdag", "question"),
        ("Gælder det også os på den anden side af åen", "question"),
        ("Kan I ikke sende nogen ud og reparere lygten", "request"),
        ("Tak for en dejlig dag ❤️", "none"),
        ("@Lene skal vi tage derned?", "none"),
    ],
)
def test_inquiries(text, inquiry):
    """A question needs no question mark, and a question mark makes none."""
    assert inquiry == judged(text, institution="kommune").inquiry


def test_common_page_passes_on():
    """On the municipality's common page the department that the text names answers; elsewhere the page's own."""
    text = "Hvornår bliver hullet i asfalten på fortovet lavet?"
    assert ("vej_park", "bibliotek") == (
        judged(text, institution="kommune").topic,
        judged(text, institution="bibliotek").topic,
    )


def test_urgent_and_tone():
    """Danger now is urgent and a threat is a threat; the same words long past or about cinnamon rolls need no one."""
    urgent = "Der lugter kraftigt af gas i opgangen lige nu, send nogen!"
    assert (True, "threat") == (judged(urgent).urgent, judged("Jeg ved hvor du bor, og jeg slår dig ihjel").tone)
    assert (False, "none") == (judged("Tak for kaffe i går").urgent, judged("Sikke en flot sti").tone)


def test_every_reason_has_its_sentence():
    """What is flagged can be explained: each reason that a detector declares stands among the Danish sentences."""
    told = tomllib.loads((ROOT / "dashboard" / "texts" / "reasons.toml").read_text("utf-8"))
    declared = {reason for detector in discover() for reason in detector.reasons}
    assert set() == {
        reason for reason in declared if not {"text", "touches", "harmless"} <= told.get(reason, {}).keys()
    }


def test_every_rule_has_its_sentence():
    """The names that rules leave in `because` are explained as well."""
    told = tomllib.loads((ROOT / "dashboard" / "texts" / "reasons.toml").read_text("utf-8"))
    lines = [
        line for file in (ROOT / "data" / "labelled").glob("*.jsonl") for line in file.read_text("utf-8").splitlines()
    ]
    import json  # noqa: PLC0415

    from analysis.lines import judge_lines  # noqa: PLC0415

    named = {rule for line in judge_lines(ENGINE, lines[::3]) for rule in json.loads(line)["because"]}
    assert set() == named - told.keys()


def test_weights_stay_small_and_readable():
    """The model can be read in an editor and shipped with the code."""
    assert WEIGHTS.stat().st_size < 1_500_000
