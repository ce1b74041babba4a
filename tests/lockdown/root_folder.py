# SPDX-License-Identifier: Apache-2.0
"""A small root folder of this host's programs with their libraries, in which a test can live; what is approved in it, and what not."""
import contextlib
import os
import pathlib
import re
import shutil
import subprocess

PROGRAMS = """bash sh echo dash env true false cat cp mv rm ln ls chmod mkdir mkfifo sleep touch truncate dd timeout seq head tail printf tr cut stat
sort grep sed awk mawk gawk find xargs tar gzip xz id readlink sync setsid flock nice unshare mount umount losetup fallocate chroot pivot_root
run-parts script perl python3 node java openssl sqlite3 make git ssh vim gdb iconv php lua tclsh busybox dpkg-deb dpkg apt-get""".split()
FOLDERS = ("/usr/bin", "/usr/sbin", "/bin", "/sbin")
USER = 1000
_MERGED = ("bin", "sbin", "lib", "lib64")
_NOT_COPIED = shutil.ignore_patterns("test", "tests", "__pycache__", "config-*", "lib2to3", "tkinter", "idlelib", "ensurepip",
                                     "dist-packages", "src.zip", "ct.sym", "*.jsa", "pydoc_data")


class RootFolder:
    """`tools` are folders in which packages were unpacked; their programs are taken where the host has none."""

    def __init__(self, folder, tools=()):
        self.folder, self._prefixes = pathlib.Path(folder), ["", *map(str, tools)]
        self.programs = set()
        for name in _MERGED:
            (self.folder / "usr" / name).mkdir(parents=True)
            (self.folder / name).symlink_to(f"usr/{name}")
        for name in ("dev", "proc", "sys", "tmp", "mnt", "marks", "try", "run", "spool", "victims", "root", "var/tmp", "var/lib", "etc/apt",
                     "var/log", "home/user"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "tmp").chmod(0o1777)
        (self.folder / "etc/passwd").write_text("root:x:0:0::/root:/bin/bash\nuser:x:1000:1000::/home/user:/bin/bash\n")
        (self.folder / "etc/group").write_text("root:x:0:\nuser:x:1000:\n")
        (self.folder / "etc/nsswitch.conf").write_text("passwd: files\ngroup: files\n")

    def place(self, path):
        """Where a path of the host lies in here: with /lib and the like led into /usr, as Debian 12 has them."""
        parts = pathlib.PurePosixPath(path).parts[1:]
        return self.folder.joinpath(*(("usr",) if parts[0] in _MERGED else ()), *parts)

    def find(self, name):
        for prefix in self._prefixes:
            for folder in FOLDERS:
                path = pathlib.Path(f"{prefix}{folder}/{name}")
                if path.exists():
                    return path, prefix
        versions = [path for prefix in self._prefixes[1:] for path in pathlib.Path(f"{prefix}/usr/bin").glob(f"{name}[0-9]*")]
        return (versions[0], "") if versions else (None, "")

    def copy(self, path, to=None):
        """A file as it is, at its real path, and its name as a link to that."""
        real = pathlib.Path(os.path.realpath(path))
        target = self.place(to or real)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(real, target)
        name = self.place(path) if to is None else target
        if name != target and not name.exists():
            name.parent.mkdir(parents=True, exist_ok=True)
            name.symlink_to("/" + str(target.relative_to(self.folder)))

    def copy_libraries(self, path):
        path = os.path.realpath(path)
        libraries = {**os.environ, "LD_LIBRARY_PATH": ":".join(f"{prefix}/usr/lib/x86_64-linux-gnu" for prefix in self._prefixes[1:])}
        said = subprocess.run(["ldd", path], capture_output=True, text=True, env=libraries).stdout
        for library in re.findall(r"(/\S+) \(0x", said):
            prefix = next((prefix for prefix in self._prefixes[1:] if library.startswith(prefix)), "")
            self.copy(library, library[len(prefix):] or None) if prefix else self.copy(library)

    def add_program(self, name):
        path, prefix = self.find(name)
        if path is None:
            return False
        if prefix or path.name != name:
            self.copy(path, f"/usr/bin/{name}")
        else:
            self.copy(path)
        self.copy_libraries(path)
        self.programs.add(name)
        return True

    def add_tree(self, path, *, follow=False):
        if pathlib.Path(path).is_dir():
            shutil.copytree(path, self.place(path), symlinks=not follow, ignore=_NOT_COPIED, dirs_exist_ok=True,
                            ignore_dangling_symlinks=True)

    def add_programs(self, names=PROGRAMS):
        self.compile(pathlib.Path(__file__).resolve().parent / "resident.c", "helpers/resident", "-static")
        for name in names:
            self.add_program(name)
        if "python3" in self.programs:
            real = pathlib.Path(os.path.realpath("/usr/bin/python3"))
            self.add_tree(f"/usr/lib/{real.name}")
            for module in pathlib.Path(f"/usr/lib/{real.name}/lib-dynload").glob("*.so"):
                self.copy_libraries(module)
        self.add_tree("/usr/lib/x86_64-linux-gnu/perl-base")
        if "tclsh" in self.programs:
            self.add_tree("/usr/share/tcltk/tcl8.6")
        if "gdb" in self.programs:
            self.add_tree("/usr/share/gdb")
        if "apt-get" in self.programs:
            self.add_tree("/usr/share/dpkg")
        self._add_java()

    def _add_java(self):
        if "java" not in self.programs:
            return
        if not shutil.which("javac") or not shutil.which("jar"):
            self.programs.discard("java")
            return
        home = pathlib.Path(os.path.realpath("/usr/bin/java")).parents[1]
        for part in ("lib", "conf"):
            self.add_tree(home / part, follow=True)
        for library in (home / "lib").rglob("*.so"):
            self.copy_libraries(library)

    def compile(self, source, to, *words):
        target = self.folder / to
        target.parent.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["cc", "-O1", "-pthread", str(source), "-o", str(target), *words], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return target

    def approved_files(self):
        """The paths within here, as a process that lives here sees them, of all that is approved."""
        left_out = {self.folder / name for name in ("payload", "try", "dev", "proc", "sys", "marks", "spool")}
        found = []
        for folder, names, files in os.walk(self.folder):
            names[:] = [name for name in names if pathlib.Path(folder, name) not in left_out]
            for name in files:
                path = pathlib.Path(folder, name)
                if path.is_file() and not path.is_symlink():
                    found.append("/" + str(path.relative_to(self.folder)))
        return found

    def give_to_user(self, path):
        for folder, _, files in os.walk(path):
            os.chown(folder, USER, USER)
            for name in files:
                with contextlib.suppress(FileNotFoundError):
                    os.chown(os.path.join(folder, name), USER, USER)
