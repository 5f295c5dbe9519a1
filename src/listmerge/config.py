"""`listmerge.toml` as one frozen object. Everything has a default that is right for ordinary lists."""

from __future__ import annotations

import tomllib
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from listmerge.errors import OptionError

FILE = "listmerge.toml"

Relationship = Literal["customer", "former", "prospect", "attendee", "hired", "supplier", "own", ""]
GivenPermission = Literal["confirmed", "express", "inferred", "pending", "none", "unknown", ""]
DateOrder = Literal["dmy", "mdy", "ymd", ""]
Rule = Literal["most-trusted-source", "most-recent", "most-frequent", "most-complete", ""]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SourceFacts(_Strict):
    """What is known of a source, and how its files are to be read where that cannot be seen."""

    owner: str = ""
    relationship: Relationship = ""
    permission: GivenPermission = ""
    trust: int = 0                        # where values differ, the source with more trust wins
    use_until: date | None = None
    reference_only: bool = False
    layout: str = ""
    encoding: str = ""
    password_file: str = ""               # its first line opens workbooks and archives
    region: str = ""
    date_order: DateOrder = ""
    map: dict[str, str] = Field(default_factory=dict)      # field -> column


class Rules(_Strict):
    """Which rule chooses between the values of what survives together; '' is the order that is usual for it."""

    name: Rule = ""
    job: Rule = ""
    address: Rule = ""
    birthday: Rule = ""
    website: Rule = ""

    def chosen(self) -> dict[str, str]:
        """Those that are not the usual."""
        return {unit: rule for unit, rule in self if rule}


class Config(_Strict):
    """The configuration of a workspace."""

    keep_runs: int = Field(default=10, ge=1)
    patience: float = Field(default=5.0, ge=0)              # seconds to wait for another command that is writing
    shrink_limit: float = Field(default=0.8, ge=0, le=1)    # a list with less of its last rows stops the command
    threshold: float = Field(default=0.5, gt=0, lt=1)       # match probability from which two records are one
    near_threshold: float = Field(default=0.1, gt=0, lt=1)  # … and from which a person should look at them
    allow_inferred: bool = False                    # may inferred permission be used for mailing?
    region: str = ""                                # country (ISO code) of national phone numbers
    date_order: DateOrder = ""                      # of dates like 03/04/2026 where the column cannot decide
    memory_mb: int = Field(default=1000, ge=100)            # for joins, before they spill into the workspace
    threads: int = Field(default=2, ge=1)
    rules: Rules = Field(default_factory=Rules)
    sources: dict[str, SourceFacts] = Field(default_factory=dict)


def load(path: Path | None) -> Config:
    """The configuration in `path`, the defaults when it is None.

    Raises OptionError for a file that is missing, no TOML, or has a key or value that means nothing.
    """
    if path is None:
        return Config()
    try:
        return Config.model_validate(tomllib.loads(path.read_text("utf-8")))
    except OSError as error:
        raise OptionError("no-configuration", f"cannot read the configuration: {error.strerror}.",
                          where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError("bad-configuration", f"this is no TOML: {error}.", where=str(path)) from error
    except ValidationError as error:
        raise _explained(error, str(path)) from error


def facts(raw: dict[str, Any], where: str) -> SourceFacts:
    """What a row of a list register says of a source. Raises OptionError."""
    try:
        return SourceFacts.model_validate(raw)
    except ValidationError as error:
        raise _explained(error, where, SourceFacts) from error


def find(workspace: Path) -> Path | None:
    """The configuration that counts for a workspace: its own, else the one of the current folder."""
    return next((path for path in (workspace / FILE, Path(FILE)) if path.is_file()), None)


def _explained(error: ValidationError, where: str, root: type[_Strict] = Config) -> OptionError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(step) for step in first["loc"])
    if first["type"] == "extra_forbidden":
        known = _keys(root, first["loc"][:-1])
        close = get_close_matches(str(first["loc"][-1]), known, 1, 0.6)
        hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(sorted(known))}."
        return OptionError("unknown-key", f"{key} means nothing.", where=where, hint=hint)
    return OptionError("bad-value", f"{key}: {first['msg']}.", where=where)


def _keys(root: type[_Strict], place: tuple[int | str, ...]) -> list[str]:
    within: dict[str, type[_Strict]] = {"sources": SourceFacts, "rules": Rules}
    return list((within.get(str(place[0]), root) if place else root).model_fields)


RELATIONSHIPS = get_args(Relationship)
