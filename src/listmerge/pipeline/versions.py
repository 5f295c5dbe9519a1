"""Which code made what is stored: hashes of packages, so that nobody has to remember to count a version up."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import listmerge

#: Libraries that decide what an address, a number or a name is.
_AUTHORITIES: Final = ("email-validator", "phonenumbers", "nicknames", "publicsuffixlist", "disposable-email-domains")
_CLEANING: Final = ("fields", "stages/clean")
_MATCHING: Final = ("fields", "stages", "model.py")


@cache
def cleaning() -> str:
    """Of all that cleans."""
    return _hash(_CLEANING)


@cache
def matching() -> str:
    """Of all that matches: a model that other code learned is not used."""
    return _hash(_MATCHING)


def _hash(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256("".join(f"{name} {version(name)}\n" for name in _AUTHORITIES).encode())
    root = Path(str(listmerge.__file__)).parent
    for name in names:
        for path in sorted(path for path in (root / name, *(root / name).rglob("*"))
                           if path.is_file() and path.suffix != ".pyc"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
