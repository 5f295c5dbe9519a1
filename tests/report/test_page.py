"""The page: self-contained, harmless whatever the names are, and the same for the same run."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path

import pyarrow as pa
import pytest

from listmerge.report.material import Before, Material
from listmerge.report.page import page, write_page

VOID = {"meta", "br", "link", "img", "input", "wbr", "rect"}
HOSTILE = ("<script>alert(1)</script>", "[/foo]", "=cmd|'/c calc'!A0", "\"><img src=x onerror=alert(1)>", "{{ 7*7 }}",
           "&lt;", "</style>", "<!--", "javascript:alert(1)", "\u202eevil")


class Elements(HTMLParser):
    """What a browser sees: elements with their attributes, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(text)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.text += " " if tag in ("dt", "dd", "li", "td", "th", "p") else ""
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def hostile(material: Material, text: str) -> Material:
    """The same run with `text` in every text column that comes from a file."""
    tables = {}
    for field in fields(material):
        table = getattr(material, field.name)
        if isinstance(table, pa.Table):
            for name in table.column_names:
                if pa.types.is_string(table.schema.field(name).type) and name not in KEPT:
                    column = pa.array([text] * table.num_rows, pa.string())
                    table = table.set_column(table.column_names.index(name), name, column)
            tables[field.name] = table
    inputs = [{"source": text, "file": text, "system": text, "rows": 1, "kept": 1, "facts": {text: text}}]
    return replace(material, **tables, run={**material.run, "inputs": inputs, "remarks": [text]})


KEPT = {"record_id", "master_id", "severity", "may_email", "fact", "channel", "kind"}


def test_it_holds_every_section_in_order(material: Material) -> None:
    headings = re.findall(r"<h2>(.*?)</h2>", page(material))
    assert headings == [
        "1. Can I send?", "2. Why the others may not be written to", "3. What was merged", "4. Possible duplicates",
        "5. What changed since the last run", "Conflicts", "Invalid and suspicious values",
        "Overlap between the sources", "The balance"]


def test_the_answers_stand_on_top(material: Material) -> None:
    text = " ".join(Elements(page(material)).text.split())
    assert "Can I send? 1 of 4 people and organisations may be written to by e-mail." in text
    assert "Are those who said no left out? Yes 1 of 1 address" in text
    assert "1 of 1 unsubscribes held" in text


def test_nothing_is_loaded_and_nothing_runs(material: Material, before: Before) -> None:
    text = page(replace(material, before=before))
    tags = Elements(text).found
    assert not {"script", "link", "iframe", "img", "object", "base", "form"} & {tag for tag, _ in tags}
    values = [(name, value or "") for _, attributes in tags for name, value in attributes.items()]
    assert not [name for name, _ in values if name.startswith("on") or name in ("style", "src")]
    assert all(value.startswith("#") for name, value in values if name == "href")


def test_the_policy_allows_this_style_sheet_alone(material: Material) -> None:
    text = page(material)
    [policy] = [attributes["content"] or "" for _, attributes in Elements(text).found
                if attributes.get("http-equiv") == "Content-Security-Policy"]
    styles = re.findall(r"<style>(.*?)</style>", text, re.S)
    digest = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert len(styles) == 1
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_only_text(material: Material, text: str) -> None:
    plain, attacked = page(hostile(material, "harmless")), page(hostile(material, text))
    assert [tag for tag, _ in Elements(attacked).found if tag != "wbr"] == [
        tag for tag, _ in Elements(plain).found if tag != "wbr"]
    assert text in Elements(attacked).text


def test_every_link_has_its_target(material: Material) -> None:
    found = Elements(page(material)).found
    ids = {attributes.get("id") for _, attributes in found}
    targets = {(attributes["href"] or "")[1:] for tag, attributes in found if tag == "a"}
    assert targets <= ids


def test_books_that_do_not_balance_stand_first(material: Material) -> None:
    text = page(replace(material, run={**material.run, "balance": {"rows": {"read": 9, "kept": 7}}}))
    assert text.index("The books do not balance") < text.index("Can I send?")
    assert "The books do not balance" not in page(material)


def test_a_run_that_says_little_has_a_page_too(material: Material) -> None:
    bare = replace(material, run={}, **{name: getattr(material, name).slice(0, 0) for name in (
        "issues", "conflicts", "near_pairs", "aliases", "statements")})
    text = page(bare)
    assert "No two records of one person contradict each other" in text
    assert "This is the first run" in text


def test_an_empty_run_has_a_page(material: Material) -> None:
    tables = {field.name: getattr(material, field.name).slice(0, 0) for field in fields(material)
              if isinstance(getattr(material, field.name), pa.Table)}
    assert "Can I send? 0 of 0 people" in " ".join(Elements(page(replace(material, **tables, run={}))).text.split())


def test_what_changed_is_told_with_file_and_row(material: Material, before: Before) -> None:
    text = Elements(page(replace(material, before=before))).text
    assert "B. Fox" in text and "newsletter.csv row 1 (line 2)" in text and "1 record new: 1 in xero" in text


def test_the_same_run_gives_the_same_bytes(material: Material, tmp_path: Path) -> None:
    write_page(material, tmp_path / "a.html")
    write_page(material, tmp_path / "b.html")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_those_who_may_be_someone_who_refused_are_said_to_wait(material: Material) -> None:
    refusals = pa.array(["", "unsubscribed", "complaint", ""])
    masters = material.masters.set_column(material.masters.column_names.index("refusal"), "refusal", refusals)
    text = " ".join(Elements(page(replace(material, masters=masters))).text.split())
    assert "1 of them waits until you have said whether they are someone who said no" in text


def test_how_right_it_is_by_its_own_estimate(material: Material) -> None:
    rules = {"precision": 0.9, "precision_interval": [0.85, 0.95], "recall": 0.4, "recall_interval": [0.3, 0.5],
             "both": 1200, "only_rules": 3, "only_model": 400}
    accuracy = {"precision": 0.962, "precision_interval": [0.93, 0.9999], "recall": 1.0, "recall_interval": [0.85, 1.0],
                "basis": {"precision": "what was merged", "recall": "planted copies"}, "rules": rules}
    text = " ".join(Elements(page(replace(material, run={**material.run, "accuracy": accuracy}))).text.split())
    assert "of 100 pairs that were merged, about 96 (93 to 99) are right" in text
    assert "of 100 that are one person, about 100 (85 to 100) were merged" in text
    assert "plain rules 90 (85 to 95) 40 (30 to 50)" in text
    assert "both: 1,200, listmerge alone: 400, plain rules alone: 3" in text
    assert "The first figure rests on what was merged, the second on planted copies" in text
