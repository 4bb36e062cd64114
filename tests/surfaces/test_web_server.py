"""`serve` as it is run: a process, a port, a browser of sorts."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from latticework.base.findings import Refused
from latticework.surfaces.web.server import address_of, serve
from latticework.workspace import Workspace

MODEL = "company: Quay\nkinds: {goal: {family: intent, many: goals}}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Quay, a company of one goal."""
    path = tmp_path_factory.mktemp("quay")
    with Workspace.init(path, model_text=MODEL) as workspace:
        workspace.append([], by="ada")
    return path


@pytest.fixture
def running(folder: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    start = "from latticework.surfaces.cli import main; main()"
    command = [sys.executable, "-c", start, "-C", str(folder), "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://\S+", line)
        assert found, line
        yield found[0], process
        process.kill()


def test_the_printed_address_answers_until_it_is_stopped(
    running: tuple[str, subprocess.Popen[str]],
) -> None:
    address, process = running
    with urllib.request.urlopen(address, timeout=20) as answer:
        assert "Quay" in answer.read().decode()
    stranger = urllib.request.Request(address, headers={"Host": "evil.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(stranger, timeout=20)
    assert refused.value.code == 421
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) in {0, 130, -signal.SIGINT}


def test_a_taken_port_is_a_finding(folder: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(Refused, match="SERVE002"):
            serve(folder, port=other.getsockname()[1])


@pytest.mark.parametrize("port", [-1, 70_000])
def test_a_port_that_cannot_be_is_a_finding(folder: Path, port: int) -> None:
    with pytest.raises(Refused, match="SERVE002"):
        serve(folder, port=port)


def test_a_host_open_to_others_is_refused_before_anything_opens(folder: Path) -> None:
    with pytest.raises(Refused, match="SERVE001"):
        serve(folder, host="0.0.0.0")


def test_a_folder_without_a_company_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="WORK001"):
        serve(tmp_path, port=0)


def test_addresses_are_written_as_browsers_read_them() -> None:
    assert address_of("127.0.0.1", 80) == "http://localhost:80/"
    assert address_of("::1", 80) == "http://[::1]:80/"
