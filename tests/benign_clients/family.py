# SPDX-License-Identifier: Apache-2.0
"""What a family of clients consists of, and what its servers are started with."""
import dataclasses
import pathlib
import sys
from typing import Callable

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "demo"))

from lab import SERVER, SERVER_ADDRESS, Failed, Lab  # noqa: E402
from servers import wait_for_port  # noqa: E402

__all__ = ["Failed", "Family", "HERE", "Lab", "SERVER", "SERVER_ADDRESS", "folder_of", "serve"]


@dataclasses.dataclass(frozen=True)
class Family:
    """Clients of one protocol and their server.

    Commands are run by bash on the client's host, each line for itself, in a folder of their own; $SERVER is the server's
    address. Each must succeed: a command that is to be refused begins with `!`.
    """
    programs: tuple[str, ...]  # what must be installed
    start: Callable[[Lab], None]  # returns when the servers listen
    protocols: tuple[str, ...]  # what the engine must have recognised
    commands: str
    attack: str  # a command line that a rule must speak about, so that silence means something
    found: int  # that rule


def folder_of(lab: Lab, name: str) -> pathlib.Path:
    folder = lab.folder / name
    folder.mkdir()
    return folder


def serve(lab: Lab, port: int, *command: str) -> None:
    """Starts a server and waits until it listens on this TCP port."""
    log = lab.folder / f"{pathlib.Path(command[0]).name}-{port}.log"
    with open(log, "wb") as output:
        lab.start(SERVER, *command, stdout=output, stderr=output)
    try:
        wait_for_port(lab, port, command[0])
    except Failed as failure:
        raise Failed(f"{failure}\n{log.read_text(errors='replace')}") from failure
