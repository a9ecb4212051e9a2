"""A disk that is full or cannot be written, for whatever writes: told, nothing confirmed lost, and then it goes on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.on_small_disk import SCENES

ROOT = Path(__file__).parent.parent
MOUNT = """
mount -t tmpfs -o size={size}m tmpfs "{folder}" && cd "{root}" &&
exec "{python}" -m tests.on_small_disk {name} "{folder}"
"""


def can_mount() -> bool:
    """Whether a process may have a disk of its own here (a user namespace, which some systems forbid)."""
    if shutil.which("unshare") is None:
        return False
    tried = ["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_mount(), reason="no disk of one's own can be mounted here")
@pytest.mark.parametrize("name", SCENES)
def test_on_a_small_disk(tmp_path: Path, name: str) -> None:
    """Each scene of `on_small_disk.py`, on a real disk of 24 megabytes."""
    script = MOUNT.format(size=24, folder=tmp_path, root=ROOT, python=sys.executable, name=name)
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert 0 == ended.returncode, ended.stderr[-4000:]
