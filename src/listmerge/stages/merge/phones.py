"""Which phone numbers of a master are one, and which are no number to call."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from listmerge.fields.phone_forms import calling_codes
from listmerge.stages.merge.batch import Batch, Values
from listmerge.stages.merge.groups import Numbers, codes, concatenated, per_group, pick, ranks, text
from listmerge.stages.merge.sets import AddressSet, keys_of

#: Labels of what nobody answers.
MACHINES: Final = r"(?i)\b(?:fax|pager|telex)\b"
_NATIONAL: Final = r"^0{0,2}[1-9]\d{6,14}$"
_LONGEST_CODE: Final = 3        # digits of a country code (ITU-T E.164)


def one_key(batch: Batch, phones: Values) -> pa.Array:
    """The key of each number; a national one takes that of the one international number of its master with its end."""
    key = keys_of(text(phones.table, "phone_key"), text(phones.table, "phone"))
    world = _mask(pc.starts_with(key, "+"))
    beside = np.flatnonzero(~world & _among(phones.group, phones.group[world], batch.size))
    at = beside[_mask(pc.match_substring_regex(pick(key, beside), _NATIONAL))]
    if not len(at):
        return key
    of = np.flatnonzero(world & _among(phones.group, phones.group[at], batch.size))
    ends = [_end(phones.group[of], pick(key, of), cut) for cut in range(1, _LONGEST_CODE + 2)]
    wanted = _in_group(phones.group[at], pc.utf8_ltrim(pick(key, at), "0"))
    whole = pick(key, np.tile(of, len(ends)))
    found = [_found(wanted, concatenated(*ends), whole), _found(wanted, concatenated(*ends)[::-1], whole[::-1])]
    taken = pc.if_else(pc.equal(*found), found[0], None)      # of two that end in it nobody knows which
    return pc.replace_with_mask(key, _rows(at, len(key)), pc.coalesce(taken, pick(key, at)))


def machines(phones: Values, key: pa.Array, numbers: AddressSet) -> Numbers:
    """Per number of the set: every record that has it calls it a fax, a pager …"""
    labels, size = text(phones.table, "label").dictionary_encode(), len(numbers.group)
    machine = _mask(pc.match_substring_regex(labels.dictionary, MACHINES))[labels.indices.to_numpy()]
    if not machine.any():
        return np.zeros(size, bool)
    other = np.flatnonzero(~machine)
    same = codes([np.concatenate([numbers.group, phones.group[other]]),
                  ranks(concatenated(numbers.key, pick(key, other)))])
    return ~np.isin(same[:size], same[size:])


def _among(group: Numbers, wanted: Numbers, size: int) -> Numbers:
    """Which rows belong to one of the wanted groups."""
    return (per_group(wanted, size) > 0)[group]


def _end(group: Numbers, key: pa.Array, cut: int) -> pa.Array:
    """The numbers without the plus (`cut` is 1) or without a country code of `cut` - 1 digits, where it is one."""
    whole = pc.is_in(pc.utf8_slice_codeunits(key, 1, cut), value_set=pa.array(["", *calling_codes()], pa.string()))
    return pc.if_else(whole, _in_group(group, pc.utf8_slice_codeunits(key, cut)), "")


def _in_group(group: Numbers, texts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(pc.cast(pa.array(group), pa.string()), texts, "|")


def _found(wanted: pa.Array, ends: pa.Array, whole: pa.Array) -> pa.Array:
    return whole.take(pc.index_in(wanted, value_set=ends))


def _rows(at: Numbers, size: int) -> pa.Array:
    mask = np.zeros(size, bool)
    mask[at] = True
    return pa.array(mask)


def _mask(found: pa.Array) -> Numbers:
    mask: Numbers = found.to_numpy(zero_copy_only=False)
    return mask
