"""What a wheel carries beside the Python files: the program and the C library, or where the clone is that has them."""

import os
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface):  # type: ignore[type-arg]
    """Adds to the wheel what CHAINRULE_BINARIES names, a folder that `make wheel` fills; else the clone's path."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Is called by hatchling before a wheel is built."""
        clone = Path(self.root).resolve().parent
        included = build_data["force_include"]
        if (clone / "LICENSE").exists():
            included[str(clone / "LICENSE")] = "chainrule/LICENSE"
        binaries = os.environ.get("CHAINRULE_BINARIES")
        if binaries:
            for file in sorted(Path(binaries).iterdir()):
                included[str(file)] = f"chainrule/bin/{file.name}"
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{platform_tag()}"
        elif version != "editable" and (clone / "Package.swift").exists():
            handle, path = tempfile.mkstemp(suffix=".txt")
            with os.fdopen(handle, "w", encoding="utf-8") as clone_file:
                clone_file.write(str(clone))
            self.temporary = path
            included[path] = "chainrule/clone.txt"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Is called by hatchling after a wheel was built."""
        path = getattr(self, "temporary", None)
        if path:
            Path(path).unlink()


def platform_tag() -> str:
    """Names the C library that programs built here need, after PEP 600."""
    machine = os.uname().machine
    try:
        library, release = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (ValueError, OSError):
        return f"{os.uname().sysname.lower()}_{machine}"
    assert library == "glibc"
    return f"manylinux_{'_'.join(release.split('.')[:2])}_{machine}"
