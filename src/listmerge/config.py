"""`listmerge.toml` as one frozen object. Everything has a default that is right for ordinary lists."""

from __future__ import annotations

import codecs
import tomllib
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from listmerge.errors import OptionError
from listmerge.model import FIELDS

FILE = "listmerge.toml"

#: The countries (ISO 3166 alpha-2, and three more) whose national phone numbers phonenumbers knows.
_REGIONS = """
    AC AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD
    CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE
    GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN
    KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ
    NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH
    SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG
    VI VN VU WF WS XK YE YT ZA ZM ZW
"""
REGIONS = frozenset(_REGIONS.split())


def _known_region(text: str) -> str:
    if text and text.upper() not in REGIONS:
        raise ValueError(f"{text!r} is no country; write its ISO code, such as GB, DE or US")
    return text.upper()


def _known_encoding(text: str) -> str:
    try:
        codecs.lookup(text or "utf-8")
    except LookupError as error:
        raise ValueError(f"there is no encoding {text!r}; try utf-8, cp1252 or utf-16") from error
    return text


def _known_fields(columns: dict[str, str]) -> dict[str, str]:
    for field in columns:
        if field not in FIELDS:
            close = get_close_matches(field, FIELDS, 1)
            raise ValueError(f"there is no field {field!r}" + (f"; did you mean {close[0]}?" if close else ""))
    return columns


Relationship = Literal["customer", "former", "prospect", "attendee", "hired", "supplier", "own", ""]
GivenPermission = Literal["confirmed", "express", "inferred", "pending", "none", "unknown", ""]
DateOrder = Literal["dmy", "mdy", "ymd", ""]
Region = Annotated[str, AfterValidator(_known_region)]
Rule = Literal["most-trusted-source", "most-recent", "most-frequent", "most-complete", ""]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class SourceFacts(_Strict):
    """What is known of a source, and how its files are to be read where that cannot be seen."""

    owner: str = ""
    relationship: Relationship = ""
    permission: GivenPermission = ""
    trust: int = Field(default=0, ge=-1000, le=1000)       # where values differ, the source with more trust wins
    use_until: date | None = None
    reference_only: bool = False
    layout: str = ""
    encoding: Annotated[str, AfterValidator(_known_encoding)] = ""
    password_file: str = ""               # its first line opens workbooks and archives
    region: Region = ""
    date_order: DateOrder = ""
    map: Annotated[dict[str, str], AfterValidator(_known_fields)] = Field(default_factory=dict)    # field -> column


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
    patience: float = Field(default=5.0, ge=0, le=86_400)   # seconds to wait for another command that is writing
    shrink_limit: float = Field(default=0.8, ge=0, le=1)    # a list with less of its last rows stops the command
    threshold: float = Field(default=0.5, gt=0, lt=1)       # match probability from which two records are one
    near_threshold: float = Field(default=0.1, gt=0, lt=1)  # … and from which a person should look at them
    allow_inferred: bool = False                    # may inferred permission be used for mailing?
    region: Region = ""                             # country (ISO code) of national phone numbers
    date_order: DateOrder = ""                      # of dates like 03/04/2026 where the column cannot decide
    memory_mb: int = Field(default=1000, ge=100)            # for joins, before they spill into the workspace
    threads: int = Field(default=2, ge=1, le=256)
    rules: Rules = Field(default_factory=Rules)
    sources: dict[str, SourceFacts] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _near_is_below(self) -> Config:
        if self.near_threshold > self.threshold:
            raise ValueError("near_threshold must not be greater than threshold")
        return self


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
                          where=str(path), hint="check the path that --config or LISTMERGE_CONFIG names.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError("bad-configuration", f"this is no TOML: {error}.", where=str(path), hint=(
            "texts stand in quotes: region = \"GB\".")) from error
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
    return OptionError("bad-value", f"{key}: {_plain(first)}." if key else f"{_plain(first)}.", where=where,
                       hint="docs/configuration.md tells every key and its values.")


def _plain(error: Any) -> str:
    """What pydantic says, for someone who does not know it."""
    if error["type"] in ("model_type", "dict_type"):
        return "this must be a table of its own: [rules], [sources.NAME] or [sources.NAME.map]"
    return str(error["msg"]).removeprefix("Value error, ").replace("Input should be", "this must be")


def _keys(root: type[_Strict], place: tuple[int | str, ...]) -> list[str]:
    within: dict[str, type[_Strict]] = {"sources": SourceFacts, "rules": Rules}
    return list((within.get(str(place[0]), root) if place else root).model_fields)


RELATIONSHIPS = get_args(Relationship)
