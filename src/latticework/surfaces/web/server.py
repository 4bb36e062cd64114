"""`latticework serve`: the pages of one company on this machine."""

from __future__ import annotations

import gc
import json
import os
import socket
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from latticework.base.findings import Refused, error
from latticework.surfaces.web import fair
from latticework.surfaces.web.guard import guard_of, is_loopback

if TYPE_CHECKING:
    import uvicorn
    from litestar import Litestar

    from latticework.workspace import Workspace

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8765
MOST_WORKERS = 64
_SELDOM = 20_000
"""So many more things made than dropped, until circles of them are looked for."""

_SERVED = "LATTICEWORK_SERVED"
"""The variable by which further processes know what they serve."""

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Served:
    """What is served to whom.

    `anyone` lets whoever reaches the host read; they write only where
    `writable` says so. `names` are further host names to answer to.
    """

    folder: str
    host: str = DEFAULT_HOST
    anyone: bool = False
    writable: bool = True
    names: tuple[str, ...] = ()


def serve(
    folder: Path,
    *,
    host: str = DEFAULT_HOST,
    port: int = DEFAULT_PORT,
    anyone: bool = False,
    anyone_may_write: bool = False,
    read_only: bool = False,
    names: Iterable[str] = (),
    workers: int = 1,
    say: Say = print,
) -> None:
    """Answer browsers until interrupted; `say` gets the address to open.

    Only this machine reaches the default host. Raises Refused where the host
    is open to others and `anyone` is not said (SERVE001), where the port is
    taken (SERVE002), or where there are too many workers (SERVE003). Whoever
    else reaches the host writes only with `anyone_may_write`.
    """
    writable = not read_only and (is_loopback(host) or anyone_may_write)
    served = Served(
        folder=str(folder),
        host=host,
        anyone=anyone or anyone_may_write,
        writable=writable,
        names=tuple(names),
    )
    guard_of(host, anyone=served.anyone, names=served.names)
    if not 1 <= workers <= MOST_WORKERS:
        hint = f"write a number from 1 to {MOST_WORKERS}; one for each core is enough"
        says = f"'{workers}' is no number of workers"
        raise Refused([error("SERVE003", says, hint=hint, value=str(workers))])
    # Bound before anything heavy is imported, so that a taken port shows at once.
    listener = _bound(host, port)
    address = address_of(host, listener.getsockname()[1])

    def ready(company: str) -> None:
        say(f"{company or folder.name}: {address}")
        if not writable:
            say("It shows the company; nothing is written through it.")
        say("Stop with Ctrl-C.")

    (_serve_many if workers > 1 else _serve_alone)(served, listener, ready, workers)


def _serve_alone(served: Served, listener: socket.socket, ready: Say, _: int) -> None:
    import uvicorn

    from latticework.workspace import Workspace

    with Workspace.open(served.folder) as workspace:
        ready(workspace.graph().model.company)
        uvicorn.Server(_config(_app(workspace, served))).run(sockets=[listener])


def _serve_many(served: Served, listener: socket.socket, ready: Say, workers: int) -> None:
    """Several processes that answer at one address; each opens the company itself."""
    from uvicorn.supervisors import Multiprocess

    from latticework.workspace import Workspace

    with Workspace.open(served.folder) as workspace:
        company = workspace.graph().model.company
    os.environ[_SERVED] = json.dumps(asdict(served))
    # Processes beside each other share the cores; threads of each for all of them are in the way.
    os.environ.setdefault("POLARS_MAX_THREADS", str(max((os.cpu_count() or 1) // workers, 1)))
    config = _config(f"{__name__}:app_as_told", workers=workers)
    ready(company)
    Multiprocess(config, sockets=[listener]).run()


def app_as_told() -> Litestar:
    """The application of a further process, as its parent told it."""
    from latticework.workspace import Workspace

    told = json.loads(os.environ[_SERVED])
    served = Served(**{**told, "names": tuple(told["names"])})
    return _app(Workspace.open(served.folder), served)


def _app(workspace: Workspace, served: Served) -> Litestar:
    from latticework.surfaces.web.app import app_of

    guard = guard_of(served.host, anyone=served.anyone, names=served.names)
    # A page makes thousands of small things and hardly a circle: looked for more seldom.
    gc.set_threshold(_SELDOM, 20, 20)
    return app_of(workspace, guard=guard, writable=served.writable)


def _config(app: Litestar | str, workers: int = 1) -> uvicorn.Config:
    import uvicorn

    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        loop=f"{fair.__name__}:FairLoop" if workers > 1 and sys.platform != "win32" else "auto",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )


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
        listener.listen(fair.WAITING)
    except (OSError, OverflowError) as problem:
        listener.close()
        reason = getattr(problem, "strerror", None) or str(problem)
        says = f"the address '{host}:{port}' cannot be used: {reason}"
        hint = "choose another with --port, or stop what listens there"
        raise Refused([error("SERVE002", says, hint=hint, value=str(port))]) from problem
    return listener
