from timgen.tools.diff.changes import Change, arranged, gravest


def test_the_gravest_comes_first_and_each_once() -> None:
    changes = [Change(level, "kind", subject, "spec/api.yaml", "words") for level, subject in (
        ("docs", "a"), ("breaking", "b"), ("additive", "c"), ("breaking", "a"), ("breaking", "b"),
    )]  # fmt: skip
    assert [(c.level, c.subject) for c in arranged(changes)] == [
        ("breaking", "a"), ("breaking", "b"), ("additive", "c"), ("docs", "a"),
    ]  # fmt: skip


def test_the_gravest_of_nothing_is_none() -> None:
    assert gravest([]) == "none"
    assert gravest(["docs", "additive"]) == "additive"
