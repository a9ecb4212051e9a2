"""What goes wrong with the Graph API: its own errors, its throttling as HTTP 400, its empty page with a next one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlencode

from collectors.sandbox import graph_errors as errors
from collectors.sandbox.answer import Answer, Ask
from collectors.sandbox.faults import Fault, Instead, Spoil, rows_of
from collectors.sandbox.paging import same_place

APP_WIDE = (4, 17)  # codes of a limit that all pages of an app share


def throttled(otherwise: int, kind: str) -> Instead:
    """A throttle of the code `otherwise` where the fault names none; `kind` is what the budget's header calls it."""

    def build(fault: Fault, ref: str) -> Answer:
        code = int(fault.options.get("code", otherwise))
        whole = code in APP_WIDE
        calm, full = _percent(12), _percent(100)
        page = {"type": kind, **(calm if whole else full)}
        page["estimated_time_to_regain_access"] = 0 if whole else int(fault.options.get("minutes", 5))
        answer = errors.throttled(code).answer()
        head = {
            "x-app-usage": json.dumps(full if whole else calm),
            "x-business-use-case-usage": json.dumps({ref: [page]}),
        }
        return replace(answer, headers={**answer.headers, **head})

    return build


def _percent(used: int) -> dict[str, object]:
    return {"call_count": used, "total_time": used, "total_cputime": used}


def usage(calls: int, ref: str, kind: str, budget: int) -> Mapping[str, str]:
    """The headers of every answer: percent of the app's and of the page's budget, of so many calls an hour."""
    used = _percent(min(99, calls * 100 // budget))
    page = {"type": kind, **used, "estimated_time_to_regain_access": 0}
    return {"x-app-usage": json.dumps(used), "x-business-use-case-usage": json.dumps({ref: [page]})}


def _error(make: Callable[[], errors.GraphError]) -> Instead:
    return lambda _fault, _ref: make().answer()


def _gone() -> errors.GraphError:
    return errors.GraphError(12, "(#12) This endpoint is deprecated for versions v25.0 and higher")


def _empty(_fault: Fault, ask: Ask, answer: Answer) -> Answer:
    """A page of a list without anything on it that still has a next one, which holds what this one should have."""
    data, rows = rows_of(answer)
    if not isinstance(data, dict) or not rows or data.get("data") is not rows:
        return answer
    after = same_place(ask.params.get("after", ""))
    asked = {key: value for key, value in ask.params.items() if key not in ("access_token", "after")}
    query = urlencode({"access_token": ask.token, **asked, "after": after})
    paging = {"cursors": {"before": after, "after": after}, "next": f"{ask.base}/{ask.path}?{query}"}
    return replace(answer, body=json.dumps({"data": [], "paging": paging}, ensure_ascii=False).encode())


INSTEAD: Mapping[str, Instead] = {
    "expired_token": _error(errors.expired_token),
    "missing_permission": _error(errors.missing_permission),
    "removed": _error(_gone),
    "too_much": _error(errors.too_much_data),
    "server": _error(errors.unavailable),
}
SPOIL: Mapping[str, Spoil] = {"empty_page": _empty}
