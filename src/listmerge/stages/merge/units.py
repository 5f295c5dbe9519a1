"""The units of a master: what survives together, how two are compared, which rule decides by default."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.model import QUALITIES
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import Numbers, filled, number_of, text
from listmerge.stages.merge.rules import Unit


def _grade(values: Values, column: str) -> Numbers:
    return number_of(text(values.table, column), QUALITIES, len(QUALITIES))


def _name_flaws(values: Values) -> Numbers:
    """Placeholders last; an initial, or half a name, behind a whole one."""
    given = pc.greater(pc.utf8_length(text(values.table, "given_key")), 1).to_numpy(zero_copy_only=False)
    half: Numbers = ~(given & filled(text(values.table, "family_key")))
    return _grade(values, "name_quality") * 2 + half


def _address_flaws(values: Values) -> Numbers:
    """An address without a street, or without a place, behind one that a letter can reach."""
    place = filled(text(values.table, "city")) | filled(text(values.table, "postal_code"))
    lost: Numbers = ~(place & filled(text(values.table, "street")))
    return _grade(values, "quality") * 2 + lost


def _job_flaws(values: Values) -> Numbers:
    """A job without a company behind one that has it."""
    return (~filled(text(values.table, "company"))).astype(np.int64)


def _birthday_flaws(values: Values) -> Numbers:
    """A birthday without a year behind a whole one."""
    yearless: Numbers = pc.starts_with(text(values.table, "birthday"), "--").to_numpy(zero_copy_only=False)
    return yearless.astype(np.int64)


def _no_flaws(values: Values) -> Numbers:
    return np.zeros(len(values.at), np.int64)


_STEADY = ("most-trusted-source", "most-frequent", "most-complete", "most-recent")      # what people rarely change
_CHANGING = ("most-trusted-source", "most-recent", "most-frequent", "most-complete")    # what they do

NAME: Final = Unit(
    name="name",
    shown=("full_name", "given_name", "middle_name", "family_name", "prefix", "suffix"),
    key=("given_key", "middle_key", "family_key", "suffix_key", "whole_key"),
    alike=("given_key", "family_key", "whole_key"),
    complete=("given_name", "middle_name", "family_name", "suffix"),
    flaws=_name_flaws,
    order=(*_STEADY, "most-common-spelling"),
    graded=("name_quality", "name_count"),
)
JOB: Final = Unit(
    name="job",
    shown=("company", "department", "job_title"),
    key=("company_key", "department", "job_title"),
    alike=("company_key",),
    complete=("company", "department", "job_title"),
    flaws=_job_flaws,
    order=_CHANGING,
)
ADDRESS: Final = Unit(
    name="address",
    shown=("street", "city", "region", "postal_code", "country"),
    key=("street_key", "number_key", "city_key", "region_key", "postal_key", "country_key"),
    alike=("street_key", "number_key", "city_key", "postal_key"),
    complete=("street", "city", "region", "postal_code", "country"),
    flaws=_address_flaws,
    order=_CHANGING,
    graded=("quality",),
)
BIRTHDAY: Final = Unit(
    name="birthday", shown=("birthday",), key=("birthday",), alike=("birthday",), complete=(),
    flaws=_birthday_flaws, order=_STEADY,
)
WEBSITE: Final = Unit(
    name="website", shown=("website",), key=("website_key",), alike=("website_key",), complete=(),
    flaws=_no_flaws, order=_CHANGING,
)

#: The units that stand in the contacts table itself; postal addresses have a table of their own.
OF_CONTACTS: Final = (NAME, JOB, BIRTHDAY, WEBSITE)
UNITS: Final = (*OF_CONTACTS, ADDRESS)


def of_members(batch: Batch, unit: Unit) -> Values:
    """The members that have a value of the unit, reference-only ones too."""
    held = np.zeros(len(batch.group), bool)
    for name in unit.shown:
        held |= filled(text(batch.members, name))
    table = batch.members if unit is not NAME else batch.members.append_column("whole_key", _whole_key(batch))
    values = Values(table.select(unit.columns), np.arange(len(batch.group)), batch.group)
    return values if held.all() else values.where(held)


def _whole_key(batch: Batch) -> pa.Array:
    """What a name without given and family name, as organisations have, is compared by."""
    parts = pc.binary_join_element_wise(text(batch.members, "given_key"), text(batch.members, "family_key"), "")
    return pc.if_else(pc.equal(parts, ""), pc.utf8_lower(text(batch.members, "full_name")), "")
