"""sbom.py STAGE: the CycloneDX 1.6 list of what is linked into the static program, on standard output.

Versions of Swift packages come from Package.resolved, of the C libraries from dpkg, of the runtime from swift itself.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEBIAN = {"libyaml-dev": ("libyaml", "MIT"), "libc6-dev": ("glibc", "LGPL-2.1-or-later")}
GCC_LICENSE = "GPL-3.0-only WITH GCC-exception-3.1"
SWIFT_LICENSE = "Apache-2.0 WITH Swift-exception"


def component(name: str, version: str, license_id: str, purl: str) -> dict:
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl,
        "licenses": [{"expression": license_id}],
    }  # fmt: skip


def output(*command: str) -> str:
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout.strip()


def components() -> list[dict]:
    found = []
    for pin in json.loads((ROOT / "Package.resolved").read_text())["pins"]:
        owner, name = pin["location"].removesuffix(".git").split("/")[-2:]
        version = pin["state"]["version"]
        found.append(component(name, version, SWIFT_LICENSE, f"pkg:swift/github.com/{owner}/{name}@{version}"))
    swift = re.search(r"Swift version ([\d.]+)", output("swift", "--version"))
    if swift:
        name = "swift-runtime"
        found.append(component(name, swift[1], SWIFT_LICENSE, f"pkg:generic/{name}@{swift[1]}"))
    for package, (name, license_id) in DEBIAN.items():
        version = output("dpkg-query", "-W", "-f", "${Version}", package) or "unknown"
        found.append(component(name, version, license_id, f"pkg:deb/debian/{package}@{version}"))
    gcc = output("gcc", "-dumpfullversion") or "unknown"
    for name in ("libgcc", "libstdc++"):
        found.append(component(name, gcc, GCC_LICENSE, f"pkg:generic/{name}@{gcc}"))
    return sorted(found, key=lambda item: item["name"])


def main() -> int:
    binary = pathlib.Path(sys.argv[1]) / "bin" / "midflight"
    text = (ROOT / "Sources/midflight/Version.swift").read_text()
    version = re.search(r'static let number = "([^"]+)"', text)[1]
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    program = {
        "type": "application", "bom-ref": "midflight", "name": "midflight", "version": version,
        "licenses": [{"license": {"id": "Apache-2.0"}}], "hashes": [{"alg": "SHA-256", "content": digest}],
    }  # fmt: skip
    parts = components()
    bom = {
        "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "metadata": {"component": program},
        "components": parts,
        "dependencies": [{"ref": "midflight", "dependsOn": [part["bom-ref"] for part in parts]}],
    }  # fmt: skip
    print(json.dumps(bom, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
