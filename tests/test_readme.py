"""The README is held to what the program does."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def listmerge(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "listmerge", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def first_commands() -> list[str]:
    block = re.search(r"```sh\n(.*?)```", README, re.DOTALL)
    assert block
    return block.group(1).splitlines()


def test_the_top_has_two_command_lines() -> None:
    main_job, tests = first_commands()
    assert "listmerge run examples/newsletter/lists --out out" in main_job
    assert "pytest" in tests


def test_the_example_prints_what_the_readme_shows(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples/newsletter/lists", tmp_path / "examples/newsletter/lists")
    done = listmerge(tmp_path, "run", "examples/newsletter/lists", "--out", "out")
    assert done.returncode == 0, done.stderr
    shown = re.search(r"<!-- result -->\n```\n(.*?)```\n<!-- /result -->", README, re.DOTALL)
    assert shown and shown.group(1).strip() == done.stderr.strip()
    named = set(re.findall(r"`([a-z_]+\.(?:csv|html|xlsx|json))`", README.split("## Every day")[0]))
    assert named == {path.name for path in (tmp_path / "out").iterdir()}


def test_every_verb_of_the_readme_exists() -> None:
    verbs = set(re.findall(r"^listmerge ([a-z]+)", README, re.MULTILINE)) | {"history", "layouts", "evaluate"}
    helped = listmerge(ROOT, "--help").stdout
    assert {verb for verb in verbs if not re.search(rf"\b{verb}\b", helped)} == set()


def test_the_example_lists_are_those_that_its_script_makes(tmp_path: Path) -> None:
    made = subprocess.run([sys.executable, str(ROOT / "examples/make_newsletter.py"), str(tmp_path)],
                          capture_output=True, text=True, timeout=60)
    assert made.returncode == 0, made.stderr
    committed = {path.relative_to(ROOT / "examples/newsletter"): path.read_bytes()
                 for path in (ROOT / "examples/newsletter").rglob("*") if path.is_file()}
    assert committed == {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
