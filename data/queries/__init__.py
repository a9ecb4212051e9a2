"""The reading side: every list and every figure that a screen or a report shows has its one query here.

Each takes the reader and the viewer's scope first; there is no way to ask without one. What is out of scope is not
told apart from what does not exist. Lists go on by key, never by offset, so that a page costs the same wherever it is.
"""

from data.queries.care import came_back, changed, checklist, clock, clocks, second_looks
from data.queries.cases import arrived, case, case_lines, cases_of, newest, queue, queue_count
from data.queries.day import Day, News, day, news
from data.queries.decided import decisions, undoable
from data.queries.figures import counts, trend, week
from data.queries.filing import case_file, record_numbers
from data.queries.health import gaps, pages, places, short_posts, visits
from data.queries.keeping import held, holds, kept
from data.queries.ledger import (
    RemovalFilter,
    explanations,
    removal,
    removals,
    removals_beside,
    removals_of_case,
    removed,
    unexplained,
)
from data.queries.log import journal, reveals
from data.queries.messages import posts, search, thread, thread_of_post
from data.queries.narrowing import QueueFilter
from data.queries.passing import lapses, passed_on, passings, receivers
from data.queries.photos import photo, photo_answers, photos, photos_waiting
from data.queries.reader import Reader, open_reader
from data.queries.remembered import remembered
from data.queries.rota import duties, has_rota, on_duty, uncovered
from data.queries.service import asked, asked_texts, breaches, written_by_page

__all__ = [
    "Day",
    "News",
    "QueueFilter",
    "Reader",
    "RemovalFilter",
    "arrived",
    "asked",
    "asked_texts",
    "breaches",
    "came_back",
    "case",
    "case_file",
    "case_lines",
    "cases_of",
    "changed",
    "checklist",
    "clock",
    "clocks",
    "counts",
    "day",
    "decisions",
    "duties",
    "explanations",
    "gaps",
    "has_rota",
    "held",
    "holds",
    "journal",
    "kept",
    "lapses",
    "newest",
    "news",
    "on_duty",
    "open_reader",
    "pages",
    "passed_on",
    "passings",
    "photo",
    "photo_answers",
    "photos",
    "photos_waiting",
    "places",
    "posts",
    "queue",
    "queue_count",
    "receivers",
    "record_numbers",
    "remembered",
    "removal",
    "removals",
    "removals_beside",
    "removals_of_case",
    "removed",
    "reveals",
    "search",
    "second_looks",
    "short_posts",
    "thread",
    "thread_of_post",
    "trend",
    "uncovered",
    "undoable",
    "unexplained",
    "visits",
    "week",
    "written_by_page",
]
