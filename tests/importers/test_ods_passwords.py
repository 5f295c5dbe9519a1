"""An .ods with a password, as OpenOffice, LibreOffice, and LibreOffice from 24.8 on encrypt it."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from base64 import b64encode
from pathlib import Path

import pytest
from Cryptodome.Cipher import AES, Blowfish
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from tests.importers.hostile import ODS_ROW, ods, zipped
from tests.importers.making import one, refused, rows

LIBREOFFICE = Path(__file__).parent / "workbooks" / "sesame.ods"     # made by 7.4
PLAIN = ods(ODS_ROW.format("").replace("a@b.example", "E-mail") + ODS_ROW.format(""))
SALT, PASSWORD = bytes(range(16)), "øpen sesame"
DATA = """<manifest:file-entry manifest:full-path="{path}" manifest:size="1"><manifest:encryption-data>
<manifest:algorithm manifest:algorithm-name="{algorithm}" manifest:initialisation-vector="{vector}"/>
<manifest:key-derivation manifest:key-derivation-name="{derivation}" manifest:key-size="{size}" {cost}
manifest:salt="{salt}"/><manifest:start-key-generation manifest:start-key-generation-name="{start}" manifest:key-size="20"/>
</manifest:encryption-data></manifest:file-entry>"""
SPACES = ('xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
          'xmlns:loext="urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"')


def _locked(path: str, sealed: bytes, **said: object) -> bytes:
    facts = {"path": path, "salt": b64encode(SALT).decode()} | said
    manifest = f"<manifest:manifest {SPACES}>{DATA.format(**facts)}</manifest:manifest>"
    return zipped({"mimetype": b"x", path: sealed, "META-INF/manifest.xml": manifest.encode()})


def _packed(plain: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(plain) + packer.flush()


def _content() -> bytes:
    return zipfile.ZipFile(io.BytesIO(PLAIN)).read("content.xml")


def openoffice(cost: str = 'manifest:iteration-count="1024"') -> bytes:
    key = hashlib.pbkdf2_hmac("sha1", hashlib.sha1(PASSWORD.encode()).digest(), SALT, 1024, 16)
    sealed = Blowfish.new(key, Blowfish.MODE_CFB, iv=SALT[:8], segment_size=64).encrypt(_packed(_content()))
    return _locked("content.xml", sealed, algorithm="Blowfish CFB", vector=b64encode(SALT[:8]).decode(), size=16,
                   derivation="PBKDF2", start="SHA1", cost=cost)


def libreoffice() -> bytes:
    key = hashlib.pbkdf2_hmac("sha1", hashlib.sha256(PASSWORD.encode()).digest(), SALT, 1000, 32)
    packed = _packed(_content())
    sealed = AES.new(key, AES.MODE_CBC, iv=SALT).encrypt(packed + bytes(15 - len(packed) % 16) + bytes([16 - len(packed) % 16]))
    return _locked("content.xml", sealed, algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc", derivation="PBKDF2",
                   vector=b64encode(SALT).decode(), size=32, start="http://www.w3.org/2000/09/xmldsig#sha256",
                   cost='manifest:iteration-count="1000"')


def libreoffice_24_8(algorithm: str = "aes256-gcm") -> bytes:
    start = hashlib.sha256(PASSWORD.encode()).digest()
    key = Argon2id(salt=SALT, length=32, iterations=1, lanes=4, memory_cost=1024).derive(start)
    sealed, tag = AES.new(key, AES.MODE_GCM, nonce=SALT[:12]).encrypt_and_digest(_packed(PLAIN))
    return _locked("encrypted-package", SALT[:12] + sealed + tag, algorithm=f"http://www.w3.org/2009/xmlenc11#{algorithm}",
                   derivation="urn:org:documentfoundation:names:experimental:office:manifest:argon2id", size=32,
                   vector=b64encode(SALT[:12]).decode(), start="http://www.w3.org/2001/04/xmlenc#sha256",
                   cost='loext:argon2-iterations="1" loext:argon2-memory="1024" loext:argon2-lanes="4"')


@pytest.mark.parametrize("data", [openoffice(), libreoffice(), libreoffice_24_8()],
                         ids=["openoffice", "libreoffice", "libreoffice-24.8"])
def test_it_is_opened_with_its_password_alone(data: bytes) -> None:
    assert rows(one(data, "a.ods", password=PASSWORD)) == [("a@b.example",)]
    assert refused(data, "a.ods").code == "password-protected"
    wrong = refused(data, "a.ods", password="sesame")
    assert (wrong.code, "does not open it" in wrong.what) == ("password-protected", True)


def test_one_that_libreoffice_made() -> None:
    table = one(LIBREOFFICE.read_bytes(), "a.ods", password=PASSWORD)
    assert rows(table) == [("Ann Lee", "ann@x.example", "01067")]


@pytest.mark.parametrize("data", [libreoffice_24_8("aes512-xyz"), openoffice(""), openoffice('manifest:iteration-count="x"')])
def test_what_is_encrypted_otherwise_is_damaged(data: bytes) -> None:
    assert refused(data, "a.ods", password=PASSWORD).code == "damaged-file"


def test_a_key_that_takes_for_ever_is_given_up() -> None:
    data = openoffice('manifest:iteration-count="2000000000"')
    assert refused(data, "a.ods", password=PASSWORD).code == "too-large"
