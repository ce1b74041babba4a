# SPDX-License-Identifier: Apache-2.0
"""The ways around a lockdown, each a file of bypass/: read, checked, and whether this host can try them."""
import dataclasses
import pathlib
import platform

try:
    import yaml
except ImportError:
    yaml = None

HERE = pathlib.Path(__file__).resolve().parent
FOLDER = HERE / "bypass"
KERNEL_CLASSES = ("current", "no_memfd_noexec", "no_open_exec_perm", "mount_marks_only")
CODE_CLASSES = ("program", "library", "script", "module", "memory")
_FIELDS = {"id", "title", "source", "what", "class", "needs", "control", "not_run", "before", "steps", "success", "timeout", "expected",
           "observe"}
_NEEDED = {"id", "title", "source", "what", "class", "needs", "steps", "success", "expected"}
_TIME = 15  # seconds, where the file says nothing else


@dataclasses.dataclass(frozen=True)
class Way:
    name: str
    title: str
    sources: tuple
    what: str
    code: str
    steps: str
    marker: str
    expected: dict
    observe: str  # "reported", or "open: REASON"
    before: str = ""
    privilege: str = "user"
    programs: tuple = ()
    kernel: str = ""
    machine: str = ""
    not_run: str = ""
    control: bool = False
    alive: str = ""  # a mark that shows that approved programs were not kept waiting
    timeout: float = _TIME

    def why_not(self, programs):
        """Why it cannot be tried with these programs; empty when it can."""
        if self.not_run:
            return self.not_run
        if self.machine and self.machine != platform.machine():
            return f"it is for {self.machine}"
        missing = [program for program in self.programs if program not in programs]
        return f"{', '.join(missing)} not there" if missing else ""


class WrongWay(Exception):
    pass


def _check_result(path, where, word, control):
    if word in (("runs",) if control else ("stopped", "reported")) or (not control and word.startswith("open: ")):
        return
    raise WrongWay(f"{path}: {where}: '{word}' is not a result")


def _check(path, data):
    for key in sorted(set(data) ^ _NEEDED):
        if key not in data:
            raise WrongWay(f"{path}: '{key}' is missing")
        if key not in _FIELDS:
            raise WrongWay(f"{path}: '{key}' is not known")
    if data["id"] != path.stem:
        raise WrongWay(f"{path}: the id is '{data['id']}'")
    if data["class"] not in CODE_CLASSES:
        raise WrongWay(f"{path}: there is no class '{data['class']}'")
    if tuple(data["expected"]) != KERNEL_CLASSES:
        raise WrongWay(f"{path}: expected: must name {', '.join(KERNEL_CLASSES)}")
    for kernel_class, word in data["expected"].items():
        _check_result(path, kernel_class, word, data.get("control", False))
    if data["needs"].get("privilege") not in ("root", "user"):
        raise WrongWay(f"{path}: needs: privilege: must be root or user")


def read(path):
    data = yaml.safe_load(path.read_text())
    _check(path, data)
    needs = data["needs"]
    return Way(name=data["id"], title=data["title"], sources=tuple(data["source"]), what=data["what"], code=data["class"],
               steps=data["steps"], marker=data["success"]["marker"], expected=data["expected"],
               observe=data.get("observe", "reported"), before=data.get("before", ""), privilege=needs["privilege"],
               programs=tuple(needs.get("programs", ())), kernel=needs.get("kernel", ""), machine=needs.get("machine", ""),
               not_run=data.get("not_run", ""), alive=data["success"].get("alive", ""),
               control=data.get("control", False), timeout=data.get("timeout", _TIME))


def read_all(folder=FOLDER):
    return [read(path) for path in sorted(folder.glob("*.yaml"))]
