"""The registry of rules: every id has a case, a bad spec and a good one, in the tests of what reports it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from support.rules import Case
from timgen.checking import rules
from timgen.checking.rules import FORM, READING, RULES
from timgen.checking.rules.registry import Rule
from unit.checking import test_metaschemas
from unit.checking.rules import (
    test_bodies,
    test_examples,
    test_files,
    test_keywords,
    test_names,
    test_references,
    test_wording,
)
from unit.reading import test_source, test_spec

BY_MODULE: tuple[tuple[tuple[Rule, ...], Iterable[str], tuple[Case, ...]], ...] = (
    (rules.files.RULES, FORM, test_files.CASES),
    (rules.references.RULES, (), test_references.CASES),
    (rules.names.RULES, (), test_names.CASES),
    (rules.bodies.RULES, (), test_bodies.CASES),
    (rules.keywords.RULES, (), test_keywords.CASES),
    (rules.examples.RULES, (), test_examples.CASES),
    (rules.wording.RULES, (), test_wording.CASES),
)
CASES = (
    *test_source.CASES,
    *test_spec.CASES,
    *test_metaschemas.CASES,
    *(given for *_, cases in BY_MODULE for given in cases),
)


def test_every_rule_has_a_case() -> None:
    # Those that warn are tried in a test of their own: nothing is wrong in what they find.
    ids = {rule.id for rule in RULES if rule.severity == "error"} | READING.keys() | FORM.keys()
    # A file that cannot be read has a test of its own: no text makes one.
    assert {given.rule for given in CASES} == ids - {"unreadable"}


@pytest.mark.parametrize(
    ("own", "more", "cases"), BY_MODULE, ids=[own[0].function.__module__.rpartition(".")[2] for own, *_ in BY_MODULE]
)
def test_the_cases_of_a_rule_stand_in_the_tests_of_its_module(
    own: tuple[Rule, ...], more: Iterable[str], cases: tuple[Case, ...]
) -> None:
    assert {given.rule for given in cases} == {rule.id for rule in own} | {*more}


def test_every_rule_says_what_it_finds() -> None:
    summaries = [rule.summary for rule in RULES] + [*READING.values(), *FORM.values()]
    assert all(summaries)
    assert len(set(summaries)) == len(summaries)
    assert len({rule.id for rule in RULES}) == len(RULES)
