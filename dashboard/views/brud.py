"""Possible breaches of confidentiality: the queue beside the case. Only a person says that it is one."""

from __future__ import annotations

from dashboard.views import _remembered
from dashboard.views._queue import draw
from data.types import Category

if __name__ == "__main__":
    draw(Category.CONFIDENTIALITY)
    _remembered.draw()
