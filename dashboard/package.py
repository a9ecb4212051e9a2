"""The package of a case for the DPO or the record system: a ZIP, the same bytes for the same data and moment.

    case.json      everything, with the SHA-256 of each text and the journal's rows of the case
    case.pdf       the thread as it was, as a PDF/A
    LAES-MIG.txt   what it is and how it is checked
    SHA256SUMS     of the three

Nothing of it is kept: it is made when somebody asks, for what they may see then. docs/records.md tells how it is read.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dashboard import package_pdf, safe
from dashboard.package_told import Order, Told, told
from dashboard.words import text
from data import heads, queries
from data.errors import StoreError
from data.filing import Face
from data.heads import Head
from data.queries import Reader
from data.times import COPENHAGEN
from data.types import Scope

_RIGHTS = 0o600 << 16
_UNIX = 3


@dataclass(frozen=True, slots=True)
class Made:
    """A package: its bytes, their SHA-256, and the numbers of the messages in it."""

    content: bytes
    sha256: str
    messages: tuple[int, ...]


def make(reader: Reader, scope: Scope, case_id: int, order: Order) -> Made | None:
    """The package of a case; None where it is not the viewer's to see, or their role only reads."""
    found = queries.case_file(reader, scope, case_id) if scope.acts else None
    if found is None:
        return None
    content = _zipped(_files(told(found, order)), order.at)
    return Made(content, hashlib.sha256(content).hexdigest(), tuple(row.id for row in found.thread))


def file_name(case_id: int, face: Face) -> str:
    """Under which name a package is downloaded."""
    return f"sideblik-sag-{case_id}-{'dpo' if face is Face.DPO else 'journal'}.zip"


def last_head(file: Path) -> Head | None:
    """The journal's last signed head; None where none is kept or the file cannot be read."""
    try:
        return list(heads.read(file))[-1] if file.exists() else None
    except (StoreError, IndexError):
        return None


def _files(content: Told) -> dict[str, bytes]:
    files = {
        "case.json": (json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(
            "utf-8", "replace"
        ),
        "case.pdf": package_pdf.content(content),
        "LAES-MIG.txt": _readme(content).encode(),
    }
    sums = "".join(f"{hashlib.sha256(made).hexdigest()}  {name}\n" for name, made in sorted(files.items()))
    return {**files, "SHA256SUMS": sums.encode()}


def _readme(content: Told) -> str:
    case = content["case"]
    lines = text(
        "package.readme",
        number=case["number"],
        institution=safe.plain(case["institution"]["name"]),
        made=package_pdf.moment(content["made_at"]),
        masked=text("package.masked" if content["masked"] else "package.unmasked"),
    )
    return "\r\n".join(lines.splitlines()) + "\r\n"


def _zipped(files: dict[str, bytes], at: datetime) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, made in sorted(files.items()):
            entry = zipfile.ZipInfo(name, at.astimezone(COPENHAGEN).timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _RIGHTS
            archive.writestr(entry, made, compresslevel=9)
    return raw.getvalue()
