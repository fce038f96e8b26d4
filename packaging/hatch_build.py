"""What hatchling is told of the wheel and the sdist.

The wheel: the static program as a script, its manual pages and completions as data. All come from MIDFLIGHT_STAGE,
which scripts/dist prepares; without it (pip install of an sdist or a checkout) scripts/stage builds them with SwiftPM.
The sdist: the commit that it was made from, which `midflight --version` says.
"""

from __future__ import annotations

import os
import pathlib
import subprocess
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# A static program needs no libc: these are the oldest tags that installers know for it (PEP 600, PEP 656).
PLATFORMS = "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64"


class PackageHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = pathlib.Path(self.root)
        if self.target_name == "sdist":
            commit = root / "packaging" / "commit.txt"
            if os.environ.get("MIDFLIGHT_STAGE"):
                commit = pathlib.Path(os.environ["MIDFLIGHT_STAGE"]) / "commit.txt"
            if commit.is_file():
                build_data["force_include"][str(commit)] = "packaging/commit.txt"
            return
        stage = pathlib.Path(os.environ.get("MIDFLIGHT_STAGE") or root / ".build-dist" / "stage")
        if not os.environ.get("MIDFLIGHT_STAGE"):
            subprocess.run(["scripts/stage", str(stage)], cwd=str(root), check=True)
        build_data["pure_python"] = False
        build_data["tag"] = f"py3-none-{PLATFORMS}"
        build_data["shared_scripts"][str(stage / "bin" / "midflight")] = "midflight"
        # File by file: of a folder hatchling leaves out what .gitignore names, as the stage is.
        for file in sorted((stage / "share").rglob("*")):
            if file.is_file():
                build_data["shared_data"][str(file)] = str(file.relative_to(stage))
