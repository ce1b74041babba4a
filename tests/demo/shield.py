# SPDX-License-Identifier: Apache-2.0
"""The program under demonstration: bansoko-shield on the gateway, and the bansoko command beside it."""
import json
import pathlib
import shutil
import signal
import socket
import subprocess

from lab import GATEWAY, Failed, Lab

CONFIG = """
shield:
  mode: enforce
  rule_files: ["{folder}/rules/*.rules"]
  capture:
    place: gateway
  on_failure:
    crash: {on_crash}
  evidence:
    payload: packets
    directory: {folder}/evidence
  spool:
    directory: {folder}/spool
  control_socket: {folder}/shield.sock
"""


class Shield:
    def __init__(self, lab: Lab, programs: pathlib.Path, patches: pathlib.Path) -> None:
        self._lab = lab
        self._programs = programs
        self.folder = lab.folder / "shield"
        # Copied, since the daemon gives up root's right to read what belongs to others, such as a home.
        (self.folder / "rules").mkdir(parents=True)
        for rules in patches.glob("*/patch.rules"):
            shutil.copy(rules, self.folder / "rules" / f"{rules.parent.name}.rules")
        self.config = self.folder / "bansoko.yaml"
        self._process: subprocess.Popen | None = None

    def start(self, on_crash: str) -> None:
        """Returns when the daemon says that it is ready, in the way systemd is told."""
        self.config.write_text(CONFIG.format(folder=self.folder, on_crash=on_crash))
        ready = self.folder / "ready.sock"
        ready.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified, open(self.log, "ab") as log:
            notified.bind(str(ready))
            notified.settimeout(20)
            self._process = self._lab.start(GATEWAY, "env", f"NOTIFY_SOCKET={ready}",
                                            str(self._programs / "bansoko-shield"), "--config", str(self.config),
                                            stdout=log, stderr=log)
            try:
                while b"READY=1" not in notified.recv(4096):
                    pass
            except TimeoutError as late:
                raise Failed(f"bansoko-shield is not ready after 20 s:\n{self.log.read_text()}") from late

    @property
    def log(self) -> pathlib.Path:
        return self.folder / "shield.log"

    def kill(self) -> None:
        """As a crash would: no chance to tidy up."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> int:
        """As systemd would. Returns the exit code."""
        return self._lab.end(self._process)

    def bansoko(self, *words: str) -> subprocess.CompletedProcess:
        """A command of the operator, on the gateway."""
        return self._lab.run(GATEWAY, str(self._programs / "bansoko"), *words, "--config", str(self.config))

    def status(self) -> dict:
        answer = self.bansoko("shield", "status", "--json")
        try:
            return json.loads(answer.stdout)
        except json.JSONDecodeError as error:
            raise Failed(f"bansoko shield status: {answer.stdout}") from error

    def alerts(self) -> list[dict]:
        """The events in the spool that name a rule, oldest first."""
        found = []
        for segment in sorted((self.folder / "spool").glob("*")):
            for line in segment.read_text(errors="replace").splitlines():
                if '"alert":{' in line:
                    found.append(json.loads(line))
        return found
