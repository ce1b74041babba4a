# SPDX-License-Identifier: Apache-2.0
"""What the ways use: approved victims of each way, approved programs that make unusual calls, and the payload that nobody approved.

All payloads are inert: they leave a mark.
"""
import os
import pathlib
import shutil
import subprocess
import tarfile
import zipfile

import ways

BLOCK = 4096
CODE = bytes.fromhex("488d3d1a000000be41000000bab6010000b8020000000f0531ffb83c0000000f05") + b"/marks/ran\0"
PLAIN = ": > /marks/ran\n"
SCRIPT = "#!/bin/sh\n" + PLAIN
PYTHON = "import os\nos.close(os.open('/marks/ran', os.O_CREAT | os.O_WRONLY, 0o666))\n"
JAVA = """public class Mark {
  public static void main(String[] words) throws Exception { new java.io.FileOutputStream("/marks/ran").close(); }
  public static void premain(String words, java.lang.instrument.Instrumentation tools) throws Exception { main(null); }
}
"""
MANIFEST = "Main-Class: Mark\nPremain-Class: Mark\n"
TEXTS = {
    "plain": PLAIN,
    "script.sh": SCRIPT,
    "script.py": PYTHON,
    "evil_module.py": PYTHON,
    "script.pl": "open(my $f, '>', '/marks/ran');\n",
    "EvilModule.pm": "package EvilModule; open(my $f, '>', '/marks/ran'); 1;\n",
    "script.awk": 'BEGIN { printf "" > "/marks/ran" }\n',
    "script.sed": "w /marks/ran\n",
    "Makefile": "$(file >/marks/ran,)\nall:;@:\n",
    "script.vim": "call writefile([], '/marks/ran')\n",
    "script.gdb": "python open('/marks/ran', 'w').close()\n",
    "script.sql": ".output /marks/ran\nselect 1;\n",
    "script.tcl": "close [open /marks/ran w]\n",
    "script.php": "<?php touch('/marks/ran');\n",
    "script.js": "require('fs').writeFileSync('/marks/ran', '')\n",
    "script.lua": "io.open('/marks/ran', 'w'):close()\n",
    "gconv/gconv-modules": "module MARK// INTERNAL mark 1\nmodule INTERNAL MARK// mark 1\n",
}
VICTIMS = {
    "script.sh": "#!/bin/sh\n: > /marks/approved\n# " + "." * 64 + "\n",
    "two_blocks.sh": "#!/bin/sh\nexit 0\n" + "#" * (BLOCK - 18) + "\n" + PLAIN + "#" * (BLOCK - len(PLAIN)),
    "tail.sh": "#!/bin/sh\ntrap ': > /marks/ran' EXIT\n\n\n\ntrap - EXIT\n",
    "module.py": PYTHON.replace("ran", "approved"),
}
_EXECUTABLE = {"script.sh", "plain"}
_SIZE = 32768
HIDDEN = 0x5A


def _write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755 if path.name in _EXECUTABLE else 0o644)


def _hidden(data):
    return bytes(byte ^ HIDDEN for byte in data)


def _padded(path, to, *, hidden=False):
    """Of a size that is the same for all; hidden, no byte is what it was, so that nobody sees in it what it will be."""
    data = path.read_bytes()
    data += bytes(_SIZE - len(data))
    to.write_bytes(_hidden(data) if hidden else data)
    to.chmod(0o644)


def add_approved(root):
    """Programs that make unusual calls, in /helpers, and a program with a library of its own."""
    programs = ways.FOLDER / "programs"
    library = root.compile(programs / "libgreet.c", "usr/lib/libgreet.so", "-shared", "-fPIC")
    for name, path in (("greet", "/usr/lib"), ("greet_origin", "$ORIGIN:/usr/lib")):
        root.compile(programs / "greet.c", f"usr/bin/{name}", f"-L{library.parent}", "-lgreet", f"-Wl,-rpath,{path}",
                     "-Wl,--enable-new-dtags")
    for source in programs.glob("*.c"):
        if source.stem not in ("greet", "libgreet", "touchfile"):
            root.compile(source, f"helpers/{source.stem}")


def add_victims(root, all_ways):
    """For each way files of its own that are approved, and that it may alter."""
    program = root.compile(ways.FOLDER / "programs/touchfile.c", "helpers/touchfile")
    for way in all_ways:
        folder = root.folder / "victims" / way.name
        for name, text in VICTIMS.items():
            _write(folder / name, text)
        _padded(program, folder / "prog")
        (folder / "prog").chmod(0o755)
        _padded(root.folder / "usr/lib/libgreet.so", folder / "lib.so")
        if way.privilege == "user":
            root.give_to_user(folder)


def add_payload(root, all_ways):
    """What is not approved: in /payload, and for each way under a path of its own, so that what is told of it is told anew."""
    folder = root.folder / "payload/all"
    for name, text in TEXTS.items():
        _write(folder / name, text)
    sources = ways.FOLDER / "payloads"
    root.compile(sources / "prog.c", "payload/all/prog")
    root.compile(sources / "prog.c", "payload/all/static", "-static")
    root.compile(sources / "loader.c", "payload/all/loader", "-Wno-return-type")
    library = root.compile(sources / "lib.c", "payload/all/lib.so", "-shared", "-fPIC")
    for copy in ("libs/libgreet.so", "gconv/mark.so", "native.so", "notes.txt"):
        (folder / copy).parent.mkdir(exist_ok=True)
        shutil.copy2(library, folder / copy)
    _padded(library, folder / "hidden_lib.bin", hidden=True)
    _padded(folder / "prog", folder / "block")
    (folder / "block").chmod(0o755)
    (folder / "headless").write_bytes(bytes(4) + (folder / "block").read_bytes()[4:])  # an ELF file begins with four bytes as any other
    (folder / "hidden_prog.bin").write_bytes(_hidden((folder / "block").read_bytes()))
    (folder / "hidden_static.bin").write_bytes(_hidden((folder / "static").read_bytes()))
    (folder / "hidden_script.bin").write_bytes(_hidden(SCRIPT.encode()))
    (folder / "code.bin").write_bytes(CODE)
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\n: > /marks/ran\nexit\n" + bytes(64))
    root.compile(sources / "prog.c", "payload/all/payload.ko", "-c")
    _add_compiled_python(folder)
    _add_archives(folder)
    _add_java(folder)
    _add_image(folder)
    for way in all_ways:
        subprocess.run(["cp", "-al", str(folder), str(folder.parent / way.name)], check=True)


def _add_compiled_python(folder):
    """By the interpreter of the root folder, whose version may be another than ours."""
    compile_to = "import py_compile, sys; py_compile.compile(sys.argv[1], sys.argv[2], invalidation_mode=py_compile.PycInvalidationMode[sys.argv[3]])"
    for name, mode in (("evil_module.pyc", "TIMESTAMP"), ("unchecked.pyc", "UNCHECKED_HASH")):
        subprocess.run(["/usr/bin/python3", "-c", compile_to, folder / "evil_module.py", folder / name, mode], check=True)
        (folder / name).chmod(0o644)


def _add_archives(folder):
    with zipfile.ZipFile(folder / "app.pyz", "w") as archive:
        archive.writestr("__main__.py", PYTHON)
    with zipfile.ZipFile(folder / "module.whl", "w") as archive:
        archive.write(folder / "native.so", "native.so")
    with tarfile.open(folder / "evil.tar", "w") as archive:
        archive.add(folder / "prog", "prog")
    package = folder / "package"
    _write(package / "DEBIAN/control", "Package: evil\nVersion: 1\nArchitecture: all\nMaintainer: a <a@b>\nDescription: x\n")
    (package / "opt").mkdir()
    shutil.copy2(folder / "prog", package / "opt/prog")
    if shutil.which("dpkg-deb"):
        subprocess.run(["dpkg-deb", "-b", package, folder / "evil.deb"], check=True, capture_output=True)
    shutil.rmtree(package)


def _add_java(folder):
    if not shutil.which("javac") or not shutil.which("jar"):
        return
    classes = folder / "classes"
    _write(classes / "Mark.java", JAVA)
    _write(folder / "manifest", MANIFEST)
    subprocess.run(["javac", "-d", classes, classes / "Mark.java"], check=True, capture_output=True)
    subprocess.run(["jar", "cfm", folder / "app.jar", folder / "manifest", "-C", classes, "Mark.class"], check=True, capture_output=True)


def _add_image(folder):
    """A disk of one program, as a stick would bring it."""
    content = pathlib.Path(f"{folder}.stick")
    content.mkdir()
    shutil.copy2(folder / "static", content / "static")
    image = folder / "image.ext4"
    with image.open("wb") as file:
        file.truncate(4 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", content, image], check=True)
    shutil.rmtree(content)
    os.chmod(image, 0o644)
