"""The live connection of a screen without a browser: everything that the server sends to whoever opens a view.

Streamlit's own messages over its websocket; source: the .proto files that the installed package is made from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE = 60.0  # seconds until a run that does not end fails the test
ON = {ForwardMsg.FINISHED_EARLY_FOR_RERUN, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}  # another run follows


@dataclass
class Seen:
    """What came over the wire: the bytes of every frame, and what they say."""

    frames: list[bytes] = field(default_factory=list)
    told: list[ForwardMsg] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All frames as one text; what is no UTF-8 between the strings is replaced."""
        return "\n".join(frame.decode("utf-8", "replace") for frame in self.frames)

    @property
    def views(self) -> set[str]:
        """The addresses of the views in the navigation, hidden ones too; the start view's is empty."""
        return {page.url_pathname for one in self.told for page in one.navigation.app_pages}

    @property
    def session(self) -> str:
        return next(
            one.new_session.initialize.session_id for one in self.told if one.WhichOneof("type") == "new_session"
        )

    def elements(self, kind: str) -> list[Any]:
        """What was drawn of one kind, such as `download_button`."""
        drawn = [one.delta.new_element for one in self.told if one.WhichOneof("type") == "delta"]
        return [getattr(one, kind) for one in drawn if one.WhichOneof("type") == kind]


class Wire:
    """One open connection, as a tab has it."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection = connection
        self._session = ""

    def run(self, view: str, query: str = "") -> Seen:
        """Opens a view as the address `/view?query` does, until its run has ended."""
        asked = BackMsg()
        asked.rerun_script.page_name = view
        asked.rerun_script.query_string = query
        asked.rerun_script.context_info.timezone = "Europe/Copenhagen"
        asked.rerun_script.context_info.locale = "da-DK"
        seen = self._until(
            asked, lambda one: one.WhichOneof("type") == "script_finished" and one.script_finished not in ON
        )
        self._session = seen.session
        return seen

    def file(self, deferred: str) -> str:
        """Presses a button whose file is made on the click: the file's address, or "" where none is made."""
        asked = BackMsg()
        asked.backend_operation_request.request_id = deferred
        asked.backend_operation_request.session_id = self._session
        asked.backend_operation_request.deferred_file.file_id = deferred
        seen = self._until(asked, lambda one: one.backend_operation_response.request_id == deferred)
        return str(seen.told[-1].backend_operation_response.deferred_file.url)

    def _until(self, asked: BackMsg, is_last: Callable[[ForwardMsg], bool]) -> Seen:
        self._connection.send(asked.SerializeToString())
        seen = Seen()
        while not (seen.told and is_last(seen.told[-1])):
            frame = self._connection.recv(PATIENCE)
            assert isinstance(frame, bytes)
            seen.frames.append(frame)
            seen.told.append(ForwardMsg.FromString(frame))
        return seen


@contextmanager
def wired(address: str, cookie: str) -> Iterator[Wire]:
    """A connection to the dashboard at `address` with the cookies of a login, or none."""
    live = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    sent = {"Cookie": cookie} if cookie else {}
    spoken = [Subprotocol("streamlit")]
    with connect(
        live, origin=Origin(address), subprotocols=spoken, additional_headers=sent, max_size=None, proxy=None
    ) as connection:
        yield Wire(connection)
