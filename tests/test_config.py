"""listmerge.toml: frozen, and what means nothing is an error that helps."""

from __future__ import annotations

import re
import tomllib
from itertools import cycle
from pathlib import Path
from typing import get_args

import phonenumbers
import pytest

import listmerge
from listmerge import config
from listmerge.errors import OptionError
from listmerge.stages.merge.rules import NAMED_RULES
from listmerge.stages.merge.units import UNITS


def loaded(folder: Path, text: str) -> config.Config:
    path = folder / config.FILE
    path.write_text(text)
    return config.load(path)


def test_the_defaults_need_no_file() -> None:
    assert config.load(None).keep_runs == 10 and config.load(None).shrink_limit == 0.8


def test_the_rules_are_those_of_the_merge(tmp_path: Path) -> None:
    text = "".join(f"{unit.name} = '{rule}'\n" for unit, rule in zip(UNITS, cycle(NAMED_RULES), strict=False))
    chosen = loaded(tmp_path, f"[rules]\n{text}").rules.chosen()
    assert {unit.name for unit in UNITS} == {*config.Rules.model_fields} == {*chosen}
    assert {*NAMED_RULES, ""} == {*get_args(config.Rule)}


def test_what_is_known_of_a_source(tmp_path: Path) -> None:
    facts = 'owner = "Sales"\nrelationship = "customer"\nuse_until = 2030-01-01\ntrust = 3\n'
    found = loaded(tmp_path, f"[sources.crm]\n{facts}")
    assert found.sources["crm"].relationship == "customer" and str(found.sources["crm"].use_until) == "2030-01-01"


@pytest.mark.parametrize(("text", "code", "hint"), [
    ("keep_run = 3", "unknown-key", "did you mean keep_runs?"), ("[sources.crm]\nowned = 'x'", "unknown-key", "owner"),
    ("[rules]\nadress = 'most-recent'", "unknown-key", "did you mean address?"),
    ("[rules]\nname = 'newest'", "bad-value", ""), ("nonsense = 1", "unknown-key", "known are"),
    ("keep_runs = 0", "bad-value", ""),
    ("threshold = 'high'", "bad-value", ""), ("region = 'Germany'", "bad-value", ""), ("region = 'UK'", "bad-value", ""),
    ("threshold = 0.3\nnear_threshold = 0.4", "bad-value", ""), ("sources = []", "bad-value", ""),
    ("[sources.crm]\nencoding = 'latin-99'", "bad-value", ""), ("[sources]\ncrm = 3", "bad-value", "configuration.md"),
    ("[sources.crm]\ntrust = 99999999999", "bad-value", ""), ("[sources.crm.map]\nemial = 'Mail'", "bad-value", ""),
    ("[sources.crm]\nrelationship = 'friend'", "bad-value", ""), ("keep_runs = ", "bad-configuration", ""),
])
def test_what_means_nothing_is_an_error(tmp_path: Path, text: str, code: str, hint: str) -> None:
    with pytest.raises(OptionError) as caught:
        loaded(tmp_path, text)
    assert caught.value.code == code and hint in caught.value.hint and caught.value.where.endswith(config.FILE)


def test_regions_are_those_whose_numbers_can_be_read(tmp_path: Path) -> None:
    assert {*config.REGIONS} == set(phonenumbers.SUPPORTED_REGIONS)
    assert loaded(tmp_path, "region = 'gb'").region == "GB"


def test_every_key_is_told_with_its_default() -> None:
    text = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z_]+)` \| `([^`]*)` \|", text, re.MULTILINE))
    models = (config.Config, config.SourceFacts, config.Rules)
    defaults = {name: field.get_default(call_default_factory=True)
                for model in models for name, field in model.model_fields.items() if name not in ("rules", "sources")}
    assert {name: tomllib.loads(f"x = {shown}")["x"] if shown else None for name, shown in told.items()} == defaults


def test_the_configuration_that_is_shown_is_one(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    shown = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[0]
    assert loaded(tmp_path, shown).sources


def test_a_configuration_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="no-configuration"):
        config.load(tmp_path / "none.toml")


def test_the_workspace_comes_before_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert config.find(tmp_path / "w") is None
    Path(config.FILE).write_text("")
    assert config.find(tmp_path / "w") == Path(config.FILE)
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / config.FILE).write_text("")
    assert config.find(tmp_path / "w") == tmp_path / "w" / config.FILE


def test_the_layout_that_is_shown_is_one(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "docs" / "configuration.md").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(re.findall(r"```toml\n(.*?)```", text, re.DOTALL)[1], encoding="utf-8")
    assert listmerge.check_layout(own) == []
