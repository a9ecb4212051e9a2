"""A session of the dashboard without a browser: what one says over the WebSocket, and how long the answer takes."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Final, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

WAIT: Final = 60.0
FAILED: Final = "exception"


class Session:
    """One open tab at a view."""

    def __init__(self, address: str, view: str) -> None:
        stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        self._socket = connect(stream, origin=address, subprotocols=["streamlit"], max_size=None)  # type: ignore[list-item,arg-type]
        self._view = view

    def __enter__(self) -> Self:
        self.run("")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def run(self, query: str) -> float:
        """Milliseconds of a run with this query in the address; RuntimeError where it showed an error."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = self._view
        begun = time.perf_counter()
        self._socket.send(message.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self._socket.recv(timeout=WAIT, decode=False))
            kind = told.WhichOneof("type")
            if kind == "delta" and told.delta.new_element.WhichOneof("type") == FAILED:
                raise RuntimeError("a run of the dashboard showed an error")
            if kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return (time.perf_counter() - begun) * 1000
