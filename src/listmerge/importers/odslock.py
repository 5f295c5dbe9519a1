"""An .ods with a password: what is encrypted in it made plain, whichever program encrypted it.

OpenDocument 1.3 part 2, 3.4 to 3.8; LibreOffice encrypts the package as a whole from 24.8 on, by Argon2id and AES-GCM.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from base64 import b64decode
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

PACKAGE: Final = "encrypted-package"
CONTENT: Final = "content.xml"
MANIFEST: Final = "META-INF/manifest.xml"
BEGINNINGS: Final = (b"<", b"PK", b"\xef\xbb\xbf<")     # of what a right password gives


class WrongPasswordError(Exception):
    """The password opens nothing."""


def is_locked(archive: zipfile.ZipFile) -> bool:
    """Whether parts of the package are encrypted."""
    return b"encryption-data" in archive.read(MANIFEST)


def opened(archive: zipfile.ZipFile, password: str) -> bytes:
    """The whole package where that is encrypted, else its content.xml.

    Raises WrongPasswordError; KeyError, ValueError for what is not encrypted as is known.
    """
    known = _parts(archive.read(MANIFEST))
    part = PACKAGE if PACKAGE in archive.NameToInfo else CONTENT
    facts = known[part]
    packed = _decrypted(archive.read(part), facts["algorithm-name"], _key(facts, password),
                        b64decode(facts["initialisation-vector"]))
    try:
        plain = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed)
    except zlib.error as error:
        raise WrongPasswordError from error
    if not plain.startswith(BEGINNINGS):
        raise WrongPasswordError
    return plain


def _parts(manifest: bytes) -> dict[str, dict[str, str]]:
    """What is said of how each part is encrypted: attributes of its entry and of what stands in that.

    Of the two sizes of keys that of the derived one counts.
    """
    entries = [sorted(entry.iter(), key=_is_derivation) for entry in fromstring(manifest, forbid_dtd=True)]
    known = [{key.rpartition("}")[2]: value for element in entry for key, value in element.attrib.items()}
             for entry in entries]
    return {facts["full-path"]: facts for facts in known if "salt" in facts}


def _is_derivation(element: Element) -> bool:
    return str(element.tag).endswith("key-derivation")


def _key(facts: dict[str, str], password: str) -> bytes:
    digest = "sha256" if facts.get("start-key-generation-name", "").endswith("sha256") else "sha1"
    start = hashlib.new(digest, password.encode(), usedforsecurity=False).digest()
    salt, length = b64decode(facts["salt"]), int(facts.get("key-size", "16"))
    if facts["key-derivation-name"].endswith("argon2id"):
        from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

        iterations, lanes, memory = (int(facts[f"argon2-{cost}"]) for cost in ("iterations", "lanes", "memory"))
        return Argon2id(salt=salt, length=length, iterations=iterations, lanes=lanes, memory_cost=memory).derive(start)
    return hashlib.pbkdf2_hmac("sha1", start, salt, int(facts["iteration-count"]), length)


def _decrypted(data: bytes, algorithm: str, key: bytes, vector: bytes) -> bytes:
    """Padding stays at the end."""
    from Cryptodome.Cipher import AES, Blowfish

    if algorithm.endswith("gcm"):
        sealed = data.removeprefix(vector)
        try:
            return AES.new(key, AES.MODE_GCM, nonce=vector).decrypt_and_verify(sealed[:-16], sealed[-16:])
        except ValueError as error:
            raise WrongPasswordError from error
    if algorithm.endswith("cbc"):
        return AES.new(key, AES.MODE_CBC, iv=vector).decrypt(data)
    if algorithm.endswith(("Blowfish CFB", "blowfish")):
        return Blowfish.new(key, Blowfish.MODE_CFB, iv=vector, segment_size=64).decrypt(data)
    raise ValueError(f"its encryption, {algorithm[:60]}, is not known")
