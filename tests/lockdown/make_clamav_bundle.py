#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes a bundle for 'bansoko lockdown scan --malware-scan' from the clamscan of this host.

make_clamav_bundle.py OUTPUT [--signatures FOLDER]: OUTPUT is a folder, or a name that ends with .tar, .tar.gz or .zip.
Without --signatures there is one signature, for a marker that is in no real program: MARKER below.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile

MARKER = b"bansoko-test-marker-of-no-malware-5b1f"
SIGNATURE = "Bansoko.Test.Marker:0:*:" + MARKER.hex() + "\n"


def libraries_of(program):
    """The libraries and the loader that ldd(1) names."""
    text = subprocess.run(["ldd", program], capture_output=True, text=True, check=True).stdout
    return sorted(set(re.findall(r"(/\S+)", text)))


def make(output, signatures=None):
    """False: there is no clamscan here."""
    program = shutil.which("clamscan")
    if program is None:
        return False
    with tempfile.TemporaryDirectory(prefix="bansoko-bundle-") as folder:
        for path in [program, *libraries_of(program)]:
            shutil.copy(path, os.path.join(folder, os.path.basename(path)))  # links are followed
        if signatures is None:
            with open(os.path.join(folder, "test.ndb"), "w", encoding="ascii") as file:
                file.write(SIGNATURE)
        else:
            shutil.copytree(signatures, os.path.join(folder, "signatures"))
        names = [os.path.join(at, name) for at, _, files in os.walk(folder) for name in files]
        if output.endswith(".zip"):
            with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
                for name in names:
                    archive.write(name, os.path.relpath(name, folder))
        elif output.endswith((".tar", ".tar.gz")):
            with tarfile.open(output, "w:gz" if output.endswith("gz") else "w") as archive:
                for name in names:
                    archive.add(name, os.path.relpath(name, folder))
        else:
            shutil.copytree(folder, output)
    return True


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("output")
    parser.add_argument("--signatures")
    options = parser.parse_args()
    if not make(options.output, options.signatures):
        sys.exit("there is no clamscan on this host")
