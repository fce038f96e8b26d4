"""Releases from PyPI as folders, kept in a cache: CACHE/NAME-VERSION/ and the dependencies beside."""

from __future__ import annotations

import pathlib
import shutil
import subprocess
import sys
import zipfile

LEFT_OUT = {"tests", "test", "testing", "conftest", "__main__", "_vendor"}
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


class Missing(Exception):
    """A release that cannot be had here; the message says why."""


def run(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise Missing((done.stdout.strip().splitlines() or ["pip failed"])[-1])


def release(cache: pathlib.Path, name: str, version: str) -> pathlib.Path:
    """The folder with one release alone, without what it needs. Pure Python wheels are preferred."""
    folder = cache / f"{name}-{version}"
    if folder.is_dir():
        return folder
    download = cache / f"{name}-{version}.download"
    shutil.rmtree(download, ignore_errors=True)
    common = ["download", "--no-deps", "--dest", str(download), f"{name}=={version}"]
    pure = ["--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none"]
    try:
        run([*PIP, *common, *pure])
    except Missing:
        run([*PIP, *common])
    wheel = next(download.glob("*.whl"), None)
    if wheel is None:
        run([*PIP, "wheel", "--no-deps", "--wheel-dir", str(download), str(next(download.iterdir()))])
        wheel = next(download.glob("*.whl"))
    unpacked = cache / f"{name}-{version}.part"
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    for extra in [p for p in unpacked.iterdir() if p.name.endswith(".data")]:
        shutil.rmtree(extra)
    unpacked.rename(folder)
    shutil.rmtree(download)
    return folder


def dependencies(cache: pathlib.Path, name: str, version: str) -> pathlib.Path:
    """The folder with what a release needs, without the release itself."""
    folder = cache / f"{name}-{version}.needs"
    if folder.is_dir():
        return folder
    part = cache / f"{name}-{version}.needs.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    run([*PIP, "install", "--no-compile", "--no-warn-script-location", "--target", str(part), f"{name}=={version}"])
    for item in release(cache, name, version).iterdir():
        target = part / item.name
        shutil.rmtree(target) if target.is_dir() else target.unlink(missing_ok=True)
    part.rename(folder)
    return folder


def modules(folder: pathlib.Path) -> list[str]:
    """The names of a release's modules, parents first; programs and tests are left out."""
    names = set()
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder).with_suffix("").parts
        if any(p.endswith(".dist-info") or not p.isidentifier() for p in parts):
            continue
        if LEFT_OUT & set(parts) or parts[-1].startswith("test_"):
            continue
        names.add(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return sorted(names - {""})
