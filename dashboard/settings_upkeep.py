"""What sideblik.toml says of backups, of notices and of how long texts are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dashboard.settings_file import BackupTable, NoticeTable, RetentionTable
from data.retention import Rules


@dataclass(frozen=True, slots=True)
class BackupSetting:
    """Where backups go, whose public age key they are encrypted for, and how many are kept."""

    folder: Path
    recipient: str
    keep: int


@dataclass(frozen=True, slots=True)
class NoticeSetting:
    """When people are told: after how many hours, and the minute of the morning at which figures are sent."""

    escalate_hours: int = 4
    unseen_hours: int = 6
    morning: int = 7 * 60 + 30


def backup_of(path: Path, table: BackupTable | None) -> BackupSetting | None:
    return BackupSetting(path.parent / table.folder, table.recipient, table.keep) if table else None


def notice_of(table: NoticeTable | None) -> NoticeSetting | None:
    if table is None:
        return None
    hours, minutes = table.morning.split(":")
    return NoticeSetting(table.escalate_hours, table.unseen_hours, int(hours) * 60 + int(minutes))


def rules_of(table: RetentionTable) -> Rules:
    return Rules(**table.model_dump())
