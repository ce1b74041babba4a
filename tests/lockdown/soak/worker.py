# SPDX-License-Identifier: Apache-2.0
"""One of those who work on the watched file system: worker.py FOLDER COUNT SEED. Lives in there, and is approved.

Each piece of work has one right answer. What was wrong, and how far it is, goes to the standard output as JSON lines.
"""
import collections
import json
import os
import random
import sys

APPROVED, UNAPPROVED = 7, 42  # exit codes of programs, scripts and libraries that ran
REFUSED = "refused"
PROGRAM, SCRIPT, LIBRARY = "/helpers/answer", "/helpers/answer.sh", "/helpers/answer.so"
OTHER_PROGRAM, OTHER_SCRIPT, OTHER_LIBRARY = "/payload/answer.bin", "/payload/answer.sh.bin", "/payload/answer.so"
HIDDEN = 0x5A  # a file called .bin holds each byte in another form: an interpreter that reads it reads no code
UPDATER = "/helpers/updater"
REPORT_EVERY = 50


def run(*words, **more):
    """The exit code that tells who ran, or that nobody did."""
    try:
        child = os.posix_spawn(words[0], words, {"PATH": "/usr/bin", "PYTHONDONTWRITEBYTECODE": "1", **more},
                               file_actions=[(os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    except OSError:
        return REFUSED
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return code if code in (APPROVED, UNAPPROVED) else REFUSED


class Worker:
    def __init__(self, folder, seed):
        self._folder, self._random, self._made = folder, random.Random(seed), 0
        weights = {**self.WEIGHTS, "updated" if os.geteuid() == 0 else "updated_by_user": 6}
        self.work = [work for name, weight in weights.items() for work in [getattr(self, name)] * weight]

    WEIGHTS = {"approved_program": 20, "approved_script": 8, "approved_library": 8, "approved_copy": 6, "data": 30, "other_program": 6,
               "other_script": 6, "other_library": 6, "altered_in_place": 4, "renamed_over": 4}

    def name(self):
        self._made += 1
        return f"{self._folder}/{self._made}"

    def write(self, path, data, mode=0o755):
        descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode)
        os.write(descriptor, data)
        os.close(descriptor)

    def read(self, source):
        with open(source, "rb") as file:
            data = file.read()
        return bytes(byte ^ HIDDEN for byte in data) if source.endswith(".bin") else data

    def copy(self, source, tail=b""):
        path = self.name()
        self.write(path, self.read(source) + tail)
        return path

    def tail(self):
        return b"%d" % self._random.getrandbits(64)

    def approved_program(self):
        return run(PROGRAM), APPROVED

    def approved_script(self):
        return run("/usr/bin/sh", SCRIPT), APPROVED

    def approved_library(self):
        return run("/usr/bin/true", LD_PRELOAD=LIBRARY), APPROVED

    def approved_copy(self):
        path = self.copy(PROGRAM)
        said = run(path)
        os.unlink(path)
        return said, APPROVED

    def data(self):
        """Not code: written, read, renamed, linked and taken away."""
        path, other = self.name(), self.name()
        text = b"1,2,3\n" * self._random.randrange(1, 2000)
        self.write(path, text, 0o644)
        os.link(path, other)
        os.rename(other, path + ".renamed")
        with open(path + ".renamed", "rb") as file:
            same = file.read() == text
        os.unlink(path)
        os.unlink(path + ".renamed")
        return same, True

    def other_program(self):
        path = self.copy(OTHER_PROGRAM, self.tail())
        said = run(path)
        os.unlink(path)
        return said, REFUSED

    def other_script(self):
        path = self.copy(OTHER_SCRIPT, b"#" + self.tail())
        said = run("/usr/bin/sh", path) if self._random.random() < 0.5 else run(path)
        os.unlink(path)
        return said, REFUSED

    def other_library(self):
        return run("/usr/bin/true", LD_PRELOAD=OTHER_LIBRARY), REFUSED

    def altered_in_place(self):
        """Approved, altered, and then another that is approved in its place: three answers for one name."""
        path = self.copy(PROGRAM)
        answers = [run(path)]
        self.write(path, self.read(OTHER_PROGRAM))
        answers.append(run(path))
        os.rename(self.copy(PROGRAM), path)
        answers.append(run(path))
        os.unlink(path)
        return answers, [APPROVED, REFUSED, APPROVED]

    def renamed_over(self):
        path, other = self.copy(PROGRAM), self.copy(OTHER_PROGRAM, self.tail())
        answers = [run(path)]
        os.rename(other, path)
        answers.append(run(path))
        os.unlink(path)
        return answers, [APPROVED, REFUSED]

    def updated(self):
        """What a trusted updater has written is approved, although nobody has seen it before."""
        return self._update(), (0, APPROVED)

    def updated_by_user(self):
        """Only root's updater is trusted."""
        return self._update(), (0, REFUSED)

    def _update(self):
        path = self.name()
        done = os.waitpid(os.posix_spawn(UPDATER, [UPDATER, PROGRAM, path, self.tail().decode()], {}), 0)[1]
        answer = run(path)
        if os.path.exists(path):
            os.unlink(path)
        return done, answer


def main():
    folder, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    worker = Worker(folder, seed)
    chosen = random.Random(seed + 1)
    counts, wrong = collections.Counter(), collections.Counter()
    for number in range(1, count + 1):
        work = chosen.choice(worker.work)
        try:
            said, right = work()
        except OSError as error:
            said, right = str(error), "no error"
        counts[work.__name__] += 1
        if said != right:
            wrong[work.__name__] += 1
            if wrong[work.__name__] <= 3:
                print(json.dumps({"wrong": work.__name__, "said": said, "right": right}), flush=True)
        if number % REPORT_EVERY == 0 or number == count:
            print(json.dumps({"done": number, "counts": counts, "wrongs": wrong}), flush=True)


if __name__ == "__main__":
    main()
