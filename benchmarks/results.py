"""What benchmarks found, kept as JSON beside them with the machine that found it; `benchmarks.tables` reads it."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "results"
LIBRARIES: Final = ("numpy", "pyarrow", "duckdb", "rapidfuzz", "phonenumbers", "email-validator")


def machine() -> dict[str, Any]:
    """Cores, memory, model of the processor, versions, date."""
    return {"cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
            "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1), "cpu": _cpu(),
            "python": platform.python_version(), "libraries": {name: version(name) for name in LIBRARIES},
            "date": datetime.now(UTC).date().isoformat()}


def _cpu() -> str:
    """The model's name where Linux tells it, else what Python knows."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text(encoding="utf-8").splitlines() if told.is_file() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
                platform.processor() or platform.machine())


def keep(name: str, found: dict[str, Any], folder: Path = FOLDER) -> None:
    """Adds `found` (a name for each figure or list) to what was kept of the benchmark; the newest counts."""
    folder.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(), "found": {**kept(name, folder)[1], **found}}, indent=1, ensure_ascii=False)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8", newline="\n")


def kept(name: str, folder: Path = FOLDER) -> tuple[dict[str, Any], dict[str, Any]]:
    """(machine, found) as kept last; both empty before the first time."""
    path = folder / f"{name}.json"
    if not path.is_file():
        return {}, {}
    read = json.loads(path.read_text(encoding="utf-8"))
    return read["machine"], read["found"]
