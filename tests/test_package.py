"""The package of a case: the same bytes again, sums that agree, a valid PDF, nobody named where nobody may be."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import timedelta

import pypdf
import pytest
from records import (
    ALL,
    HOME_PAGE,
    NOON,
    SCHOOL_ONLY,
    SCHOOL_PAGE,
    Clock,
    asking,
    hidden,
    plain,
    rows,
    set_up,
    telling,
)

from dashboard import package, paper
from dashboard.package_told import Order
from data import heads, journal
from data.care_rows import CheckItem, CheckState
from data.errors import ChangedError, OutOfScopeError, StoreError
from data.filing import Face, is_number
from data.heads import Head
from data.insight import looks
from data.queries import case_file, open_reader, record_numbers
from data.store import Store
from data.types import NOTHING, Attachment, Category, Judged, Scope, Status, Verdict

PLACE = "Nørreå Kommune"
MASKED = Order(Face.DPO, masked=True, at=NOON, municipality=PLACE)
OPEN = Order(Face.RECORDS, masked=False, at=NOON, municipality=PLACE)
HOSTILE = (
    "\u202egnirts \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \N{GRINNING FACE}\N{WOMAN}\u200d\N{GIRL}"
    " \x00\x07\x1b[31m {nb} {page} <script>alert(1)</script> (a\\) %%EOF endstream \u6f22\ufe0f\ue000\u2028\ufeff æøå"
)
WRITERS = {"c2": "Bente Bjarnhof", "c3": "Yrsa Qvist", "c4": "Bente Bjarnhof"}
NAMED = ("Karla", "Ester", "Krogsgaard", "Bente", "Bjarnhof", "Yrsa", "Qvist", "28 12 34 56", "oda.lund")


def by(one: Judged) -> Judged:
    """Written by somebody whose whole name is kept; with a digest that tells nothing, as the store's own."""
    name = WRITERS.get(one.message.message_id, "")
    digest = hashlib.sha256(one.message.text.encode("utf-8", "replace")).hexdigest()
    fields = {"author_name": name, "author_key": f"key of {name}" if name else "", "digest": digest}
    return replace(one, message=replace(one.message, **fields))


@pytest.fixture
def path(tmp_path):
    """A possible breach that was edited and hidden, in a thread of a page and two citizens; an inquiry beside it."""
    path = tmp_path / "sideblik.db"
    clock = Clock()
    photo = (Attachment("photo", "https://example.dk/karla.jpg", "Karla og Ester på tur"),)
    with Store.open(path, clock=clock) as store:
        set_up(store)
        post = plain("p1", "Vi holder åbent hus.", attachments=photo, url="https://example.dk/opslag/1")
        reply = plain("c3", "Enig, Karlas mor Ester Krogsgaard har 28 12 34 56. https://example.dk/oda.lund")
        told = [by(post), by(telling("c2")), by(reply), by(asking("c4", "Bentes pige spørger: må KARLA komme med?"))]
        store.save(SCHOOL_PAGE, told)
        clock.ahead(hours=1)
        edited = by(telling("c2", "Karla i 3.b har fået diabetes, siger yrsa."))
        store.save(SCHOOL_PAGE, [edited])
        store.save(SCHOOL_PAGE, [hidden(edited)])
        store.save(HOME_PAGE, [plain("p9", page=HOME_PAGE), telling("h1", page=HOME_PAGE, thread_id="p9")])
        case, revision = tuple(store._conn.execute("SELECT id, revision FROM cases WHERE kind = 'clear'").fetchone())
        store.decide(ALL, "anna", case, revision, Verdict.HIDDEN, "Skjult, da Karla er nævnt.")
    return path


def number(store: Store, message_id: str) -> int:
    return store._conn.execute(
        "SELECT cases.id FROM cases JOIN messages ON messages.id = message WHERE message_id = ?", (message_id,)
    ).fetchone()[0]


def case_of(path, message_id: str = "c2") -> int:
    with Store.open(path) as store:
        return number(store, message_id)


def made(path, order: Order = MASKED, scope: Scope = ALL, case: int = 0) -> bytes:
    with open_reader(path) as reader:
        found = package.make(reader, scope, case or case_of(path), order)
    assert found is not None
    assert hashlib.sha256(found.content).hexdigest() == found.sha256
    return found.content


def files(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def case_json(content: bytes) -> dict:
    return json.loads(files(content)["case.json"])


def pages(content: bytes) -> str:
    """What the PDF's pages draw, read by a library of somebody else's."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files(content)["case.pdf"])).pages)


@pytest.mark.parametrize("order", [MASKED, OPEN])
def test_the_same_case_at_the_same_moment_is_the_same_file(path, order):
    """Byte for byte, also from a process that orders sets otherwise; another moment is another file."""
    again = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC; from records import ALL, NOON\n"
        "from dashboard import package; from dashboard.package_told import Order; from data.filing import Face\n"
        "from data.queries import open_reader\n"
        f"order = Order(Face('{order.face}'), masked={order.masked}, at=NOON, municipality='{PLACE}')\n"
        f"with open_reader(Path({str(path)!r})) as reader:\n"
        f"    print(package.make(reader, ALL, {case_of(path)}, order).sha256)\n"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", again], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": ":".join(sys.path), "TZ": "Asia/Tokyo"},
    )  # fmt: skip
    assert hashlib.sha256(made(path, order)).hexdigest() == elsewhere.stdout.strip()
    assert made(path, order) != made(path, replace(order, at=NOON + timedelta(minutes=1)))


@pytest.mark.parametrize("order", [MASKED, OPEN])
def test_every_sum_agrees(path, order):
    """Of each file, of each text as it stands there, and of each row of the journal."""
    found = files(made(path, order))
    sums = dict(line.split("  ")[::-1] for line in found.pop("SHA256SUMS").decode().splitlines())
    assert {name: hashlib.sha256(one).hexdigest() for name, one in found.items()} == sums
    told = json.loads(found["case.json"])
    versions = [one for row in told["thread"] for one in row["versions"]]
    assert 5 == len(versions)
    assert [hashlib.sha256(one["text"].encode()).hexdigest() for one in versions] == [one["sha256"] for one in versions]
    (entry,) = told["journal"]["rows"]
    fields = ("id", "at", "actor", "action", "subject", "institution_id", "detail", "previous")
    assert journal._hash(tuple(entry[name] for name in fields)) == entry["hash"]
    assert {"row": entry["id"], "hash": entry["hash"]} == told["journal"]["head"]


def test_it_tells_the_thread_as_it_was(path):
    """Every version with its times, who answers whom, what was found, hidden and decided."""
    told = case_json(made(path, OPEN))
    post, flagged, reply, question = told["thread"]
    assert ["Karla i 3.b har fået diabetes.", "Karla i 3.b har fået diabetes, siger yrsa."] == [
        one["text"] for one in flagged["versions"]
    ]
    assert [("2026-11-18T12:00:00Z", "2026-11-18T13:00:00Z"), ("2026-11-18T13:00:00Z", None)] == [
        (one["seen_from"], one["seen_until"]) for one in flagged["versions"]
    ]
    assert (True, "hidden", post["number"]) == (flagged["flagged"], flagged["visibility"], flagged["answers"])
    assert [("page", None), ("citizen", 1), ("citizen", 2), ("citizen", 1)] == [
        (row["writer"]["role"], row["writer"]["number"]) for row in told["thread"]
    ]
    assert "Yrsa Qvist" == reply["writer"]["name"]
    assert ["person", "health"] == [one["type"] for one in flagged["findings"]]
    assert [("hidden", flagged["number"])] == [(one["became"], one["message"]) for one in told["removals"]]
    assert [("hidden", "anna", "Skjult, da Karla er nævnt.")] == [
        (one["verdict"], one["person"], one["ground"]) for one in told["decisions"]
    ]
    assert "c4" == question["platform_id"]


def test_it_tells_how_a_breach_was_cared_for(path):
    """When the 72 hours began, what was seen to and by whom, and that a second person looked."""
    case = case_of(path)
    with Store.open(path, clock=Clock(NOON + timedelta(hours=4))) as store:
        (decision,) = store._conn.execute("SELECT id FROM decisions").fetchone()
        store.undo(ALL, "anna", decision)
        store.open_case(ALL, "anna", case)
        store.check(ALL, "bo", case, CheckItem.LEADER, CheckState.DONE)
        (revision,) = store._conn.execute("SELECT revision FROM cases WHERE id = ?", (case,)).fetchone()
        store.decide(ALL, "anna", case, revision, Verdict.DELETED, "")
        store.agree(ALL, "bo", case, revision + 1)
    told, drawn = case_json(made(path)), " ".join(pages(made(path)).split())
    assert ("2026-11-18T16:00:00Z", "2026-11-21T16:00:00Z") == (told["clock"]["began_at"], told["clock"]["due_at"])
    assert [("leader", "done", "bo")] == [
        (one["item"], one["state"], one["person"]) for one in told["checklist"] if one["state"] != "open"
    ]
    assert [None, "agreed"] == [(one["second_look"] or {}).get("outcome") for one in told["decisions"]][-2:]
    assert "72 timer derefter er lørdag 21. nov. 2026 kl. 17.00" in drawn
    assert "Lederen har fået besked: i orden, onsdag 18. nov. 2026 kl. 17.00, af bo" in drawn
    assert "En anden er enig" in drawn


def test_a_masked_package_names_nobody(path):
    """Neither in a file's own bytes nor in what the PDF draws, its metadata or its file names; unmasked it does."""
    shown, everything = made(path), made(path, OPEN)
    for name in NAMED:
        assert [] == [
            file for file, one in files(shown).items() if name.casefold() in one.decode("utf-8", "replace").casefold()
        ]
        assert name.casefold() not in pages(shown).casefold()
        assert name in pages(everything)
    meta = pypdf.PdfReader(io.BytesIO(files(shown)["case.pdf"])).trailer["/Root"]["/Metadata"].get_data().decode()
    assert [] == [name for name in NAMED if name in meta]
    told = case_json(shown)
    assert [None, None, None] == [
        row["platform_id"] or row["url"] or row["writer"]["name"] for row in told["thread"][1:]
    ]
    assert "█████ i 3.b har fået diabetes." == told["thread"][1]["versions"][0]["text"]
    assert "Borger 2" in pages(shown)


def test_what_a_masked_package_hashes_is_what_it_shows(path):
    """The hash of a text unmasked would tell a guessed name right or wrong: none of them stands in it."""
    hidden_texts = [row[0] for row in rows(path.parent, "SELECT text FROM messages UNION SELECT text FROM versions")]
    shown = case_json(made(path))
    told = {one["sha256"] for row in shown["thread"] for one in row["versions"]}
    in_clear = {one["text"] for row in shown["thread"] for one in row["versions"]}
    assert set() == told & {hashlib.sha256(one.encode()).hexdigest() for one in hidden_texts if one not in in_clear}


def test_the_pdf_is_of_a_kind_that_lasts(path):
    """What PDF/A-2u asks for, as far as the file itself can be asked: see docs/records.md."""
    raw = files(made(path))["case.pdf"]
    reader = pypdf.PdfReader(io.BytesIO(raw), strict=True)
    root = reader.trailer["/Root"]
    meta = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>U</pdfaid:conformance>" in meta
    assert ["/GTS_PDFA1"] == [one["/S"] for one in root["/OutputIntents"]]
    assert 3 == root["/OutputIntents"][0]["/DestOutputProfile"]["/N"]
    assert (True, "da-DK") == (root["/MarkInfo"]["/Marked"], root["/Lang"])
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        assert "/FontFile2" in font["/DescendantFonts"][0]["/FontDescriptor"]
    assert (False, True) == (reader.is_encrypted, "/ID" in reader.trailer)
    assert [] == [
        mark for mark in (b"/JS", b"/JavaScript", b"/AA", b"/EmbeddedFile", b"/SMask", b"/LZW") if mark in raw
    ]
    assert [] == [state for page in reader.pages for state in page["/Resources"].get("/ExtGState", {})]
    assert min(map(ord, raw[9:14].strip(b"\n%").decode("latin-1"))) > 127


@pytest.mark.parametrize("length", [0, 100_000])
def test_hostile_text_makes_a_valid_pdf(path, length):
    """Turned around, of other scripts, with controls and signs that no font has, a hundred thousand of them."""
    text = HOSTILE + " ord" * (length // 4) + (" " + "x" * 5000 if length else "")
    with Store.open(path, clock=Clock(NOON + timedelta(hours=3))) as store:
        store.save(SCHOOL_PAGE, [by(telling("c2", "Karla i 3.b har fået diabetes. " + text))])
    content = made(path, OPEN)
    reader = pypdf.PdfReader(io.BytesIO(files(content)["case.pdf"]), strict=True)
    shown = pages(content)
    assert "<script>alert(1)</script>" in shown
    assert ("[U+6F22]" in shown, "{nb}" in shown, "\x07" in shown, "\u202e" in shown) == (True, True, False, False)
    assert length // 6000 < len(reader.pages)
    assert "diabetes. " + text == case_json(content)["thread"][1]["versions"][-1]["text"][21:]
    if length:
        assert length // 4 == sum(word == "ord" for word in shown.split())


def test_a_line_that_runs_the_other_way_is_drawn_so():
    """The first letter of a Hebrew word stands at its right, among Danish words at their places."""
    shalom = "\u05e9\u05dc\u05d5\u05dd"
    assert f"Hej {shalom[::-1]} og tak" == paper._as_seen(f"Hej {shalom} og tak")
    assert "Hej (1) og tak" == paper._as_seen("Hej (1) og tak")


def test_an_emptied_text_is_told_as_such(path):
    """Nothing of it, no hash of nothing, and a sentence that says when and why; times and decisions stay."""
    with Store.open(path, clock=lambda: NOON + timedelta(days=900)) as store:
        store.sweep()
    content = made(path, OPEN)
    told = case_json(content)
    assert {(None, None)} == {(one["text"], one["sha256"]) for row in told["thread"] for one in row["versions"]}
    assert {"age"} == {row["emptied_why"] for row in told["thread"]}
    assert 4 == pages(content).count("Teksten er slettet i Sideblik")
    assert ["2026-11-18T11:00:00Z"] * 3 == [row["written_at"] for row in told["thread"][1:]]


@pytest.mark.parametrize(
    "scope",
    [
        NOTHING,
        replace(ALL, acts=False),
        replace(SCHOOL_ONLY, institutions=frozenset({"hjemmet"})),
        replace(ALL, categories=frozenset({Category.INQUIRY})),
    ],
)
def test_out_of_scope(path, scope):
    """Nobody packs what is not theirs to see or to act on, and nothing is noted of it."""
    case = case_of(path)
    with open_reader(path) as reader:
        assert package.make(reader, scope, case, MASKED) is None
    with Store.open(path) as store, pytest.raises(OutOfScopeError):
        store.packed(scope, "bo", case, Face.DPO, "0" * 64, masked=True, messages=[])
    assert [] == rows(path.parent, "SELECT * FROM journal WHERE action = 'package'")


def test_a_thread_holds_one_institution_only(path):
    """The package of a school's case tells nothing of a nursing home."""
    assert "Åsen" not in pages(made(path, OPEN, SCHOOL_ONLY))


def test_it_is_noted_without_a_word_of_it(path):
    """Who, which case, masked or not, and the sum; no text."""
    with Store.open(path) as store:
        store.packed(SCHOOL_ONLY, "anna", case_of(path), Face.RECORDS, "ab" * 32, masked=True, messages=[1, 2])
    ((actor, subject, place, detail),) = rows(
        path.parent, "SELECT actor, subject, institution_id, detail FROM journal WHERE action = 'package'"
    )
    assert ("anna", f"case:{case_of(path)}", "skolen") == (actor, subject, place)
    expected = {
        "category": "confidentiality",
        "face": "records",
        "masked": True,
        "sha256": "ab" * 32,
        "messages": [1, 2],
    }
    assert expected == json.loads(detail)


def test_who_wrote_in_the_thread_is_told_of_it(path):
    """A package holds the whole thread: each of its writers' insight tells of it, that of nobody else."""
    with Store.open(path) as store, open_reader(path) as reader:
        found = package.make(reader, ALL, case_of(path), MASKED)
        store.packed(ALL, "anna", case_of(path), Face.DPO, found.sha256, masked=True, messages=found.messages)
        inside = {row.id for row in case_file(reader, ALL, case_of(path)).thread}
        others = {row[0] for row in rows(path.parent, "SELECT id FROM messages")} - inside
        told = {one: [look.action for look in looks(reader, one)].count("package") for one in inside | others}
    assert (4, 2) == (len(inside), len(others))
    assert {one: int(one in inside) for one in told} == told


def test_the_last_signed_head_goes_along(path, tmp_path):
    """So that a copy kept elsewhere proves the journal's rows; a file that cannot be read costs no package."""
    file = tmp_path / "heads.jsonl"
    assert package.last_head(file) is None
    with open_reader(path) as reader:
        head = heads.sign(reader, heads.signing_key(path), NOON)
    heads.append(file, head)
    assert head == package.last_head(file)
    assert head == Head(**case_json(made(path, replace(MASKED, head=head)))["journal"]["signed_head"])
    file.write_text("nonsense\n", "utf-8")
    assert package.last_head(file) is None


def test_journalising_and_taking_it_back(path):
    """The number stands while the decision does; taken back, the case is open again and the number is history."""
    case = case_of(path, "c4")
    with Store.open(path, clock=Clock()) as store, open_reader(path) as reader:
        decision = store.journalise(SCHOOL_ONLY, "anna", case, 1, "26/0417-3")
        found = case_file(reader, ALL, case)
        assert (Status.CLOSED, Verdict.JOURNALISED) == (found.case.status, found.case.verdict)
        assert {decision: "26/0417-3"} == record_numbers(reader, SCHOOL_ONLY, case)
        assert "26/0417-3" == case_json(made(path, OPEN, case=case))["case"]["record_number"]
        assert "Journalnummer: 26/0417-3" in pages(made(path, OPEN, case=case))
        store.undo(SCHOOL_ONLY, "bo", decision)
        assert case_json(made(path, OPEN, case=case))["case"]["record_number"] is None
        assert Status.NEW is case_file(reader, ALL, case).case.status
        assert [] == [row for row in rows(path.parent, "SELECT detail FROM journal") if "0417" in row[0]]


def test_a_number_beside_a_decision(path):
    """Told of a case that is decided otherwise, noted without the number, and refused where it is not theirs."""
    case = case_of(path)
    with Store.open(path, clock=Clock()) as store, open_reader(path) as reader:
        revision = case_file(reader, ALL, case).case.revision
        with pytest.raises(OutOfScopeError):
            store.file(replace(ALL, acts=False), "bo", case, revision, "1")
        with pytest.raises(ChangedError):
            store.file(ALL, "bo", case_of(path, "c4"), 1, "1")  # nobody has decided that one
        store.file(SCHOOL_ONLY, "bo", case, revision, "26-1")
        found = case_file(reader, ALL, case)
        assert (Verdict.HIDDEN, ["26-1"]) == (found.case.verdict, list(found.numbers.values()))
        with pytest.raises(ChangedError):
            store.file(SCHOOL_ONLY, "bo", case, revision, "26-2")
    assert [("file",)] == rows(path.parent, "SELECT action FROM journal ORDER BY id DESC LIMIT 1")
    assert [] == [row for row in rows(path.parent, "SELECT detail FROM journal") if "26-1" in row[0]]


@pytest.mark.parametrize(
    ("told", "good"),
    [
        ("1", True), ("26/0417-3", True), ("Sag 26.041:7_b", True), ("Æ" * 60, True), ("", False), (" 1", False),
        ("1 ", False), ("1" * 61, False), ("1\n", False), ("=1+1", False), ("<b>1</b>", False), ("1\u202e2", False),
        ("1" + "\u0661" + "1", False),
    ],
)  # fmt: skip
def test_a_record_number_is_plain(path, told, good):
    """Letters, digits and few signs between them: the store refuses others and writes nothing."""
    assert good is is_number(told)
    if not good:
        with Store.open(path) as store, pytest.raises(StoreError):
            store.journalise(ALL, "anna", case_of(path, "c4"), 1, told)
        assert [] == rows(path.parent, "SELECT * FROM records")
