# SPDX-License-Identifier: Apache-2.0
"""What the demonstration prints: steps, commands, and expectations with their outcome."""
import sys
from dataclasses import dataclass, field


@dataclass
class Step:
    title: str
    passed: int = 0
    failed: list[str] = field(default_factory=list)


class Report:
    """Prints as it goes and keeps the tally for the summary."""

    def __init__(self) -> None:
        self._steps: list[Step] = []
        self._colour = sys.stdout.isatty()
        can_say = (sys.stdout.encoding or "").lower().startswith("utf")
        self._yes, self._no = ("✓", "✗") if can_say else ("ok", "NO")

    def step(self, title: str, *explanation: str) -> None:
        self._steps.append(Step(title))
        self._print("\n" + self._in("1", f"{len(self._steps)}. {title}"))
        for line in explanation:
            self._print(f"   {line}")

    def note(self, text: str) -> None:
        self._print(self._in("33", f"   ! {text}"))

    def command(self, where: str, line: str) -> None:
        self._print(self._in("2", f"   [{where}] $ {line}"))

    def output(self, text: str, most: int = 40) -> None:
        lines = text.rstrip().splitlines()
        for line in lines[:most]:
            self._print(f"     | {line}")
        if len(lines) > most:
            self._print(f"     | … {len(lines) - most} lines more")

    def expect(self, claim: str, holds: bool, why_not: str = "") -> bool:
        step = self._steps[-1]
        if holds:
            step.passed += 1
            self._print(f"   {self._in('32', self._yes)} {claim}")
        else:
            step.failed.append(claim)
            self._print(f"   {self._in('31', self._no)} {claim}{': ' + why_not.strip() if why_not else ''}")
        return holds

    def summary(self, seconds: float) -> bool:
        """Prints the table. Returns whether all went as expected."""
        width = max((len(step.title) for step in self._steps), default=0)
        self._print("\n" + self._in("1", f"{'Summary':<{width + 5}} passed  failed"))
        for number, step in enumerate(self._steps, 1):
            self._print(f"{number:>2}. {step.title:<{width}}  {step.passed:>6}  {len(step.failed):>6}")
        passed = sum(step.passed for step in self._steps)
        failed = sum(len(step.failed) for step in self._steps)
        good = failed == 0 and passed > 0
        mark = self._in("32", self._yes) if good else self._in("31", self._no)
        self._print(f"{mark} demo: {passed} passed, {failed} failed, in {seconds:.0f} s")
        return good

    def _in(self, code: str, text: str) -> str:
        return f"\033[{code}m{text}\033[0m" if self._colour else text

    @staticmethod
    def _print(text: str) -> None:
        print(text.encode(sys.stdout.encoding or "utf-8", "replace").decode(sys.stdout.encoding or "utf-8"),
              flush=True)
