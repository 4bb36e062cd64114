"""`latticework serve`: the pages of one company on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from latticework.base.findings import Refused, error
from latticework.surfaces.web.guard import guard_of

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
_WAITING = 128
Say = Callable[[str], None]


def serve(
    folder: Path,
    *,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    anyone: bool = False,
    names: Iterable[str] = (),
    say: Say = print,
) -> None:
    """Answer browsers until interrupted; `say` gets the address to open.

    Only this machine reaches the default host. Raises Refused where the host
    is open to others and `anyone` is not said (SERVE001), or where the port
    is taken (SERVE002); `names` are further host names to answer to.
    """
    guard = guard_of(host, anyone=anyone, names=names)
    # Bound before anything heavy is imported, so that a taken port shows at once.
    listener = _bound(host, port)
    import uvicorn

    from latticework.surfaces.web.app import app_of
    from latticework.workspace import Workspace

    with Workspace.open(folder) as workspace:
        app = app_of(workspace, guard=guard)
        config = uvicorn.Config(
            app,
            log_level="warning",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
        )
        say(
            f"{workspace.graph().model.company or folder.name}: {address_of(host, listener.getsockname()[1])}"
        )
        say("Stop with Ctrl-C.")
        uvicorn.Server(config).run(sockets=[listener])


def address_of(host: str, port: int) -> str:
    """What to type into a browser."""
    shown = "localhost" if host in {"0.0.0.0", "::", DEFAULT_HOST} else host  # noqa: S104  shown, not bound
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}/"


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # By its protocol the event loop knows that it may send small pieces at once.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Whoever follows the printed address at once waits instead of being refused.
        listener.listen(_WAITING)
    except (OSError, OverflowError) as problem:
        listener.close()
        reason = getattr(problem, "strerror", None) or str(problem)
        says = f"the address '{host}:{port}' cannot be used: {reason}"
        hint = "choose another with --port, or stop what listens there"
        raise Refused([error("SERVE002", says, hint=hint, value=str(port))]) from problem
    return listener
