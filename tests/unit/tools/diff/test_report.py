from __future__ import annotations

from timgen.reading.source import Document
from timgen.reading.spec import Spec
from timgen.tools.diff.changes import Change
from timgen.tools.diff.compare import Comparison
from timgen.tools.diff.report import as_github, as_markdown, as_text

ODD = Change("breaking", "field-removed", "a/b.request.x`|\x1b[31m", "spec/v1/a/b,c.yaml", "50% <b>gone</b>\nnow")
COMPARISON = Comparison("0.1.0", "0.1.0", (ODD,))


def test_no_text_of_a_spec_steers_a_terminal() -> None:
    text = as_text(COMPARISON, "HEAD")
    assert "\x1b" not in text
    assert r"a/b.request.x`|\x1b[31m: 50% <b>gone</b>\nnow [field-removed]" in text


def test_no_text_of_a_spec_becomes_markup() -> None:
    assert (
        r"- <code>a&#47;b&#46;request&#46;x&#96;&#124;&#92;x1b&#91;31m</code>: 50% \<b\>gone\</b\> now."
        in as_markdown(COMPARISON)
    )


def test_no_text_of_a_spec_ends_an_annotation() -> None:
    nothing = Document("spec/api.yaml", None)
    first = as_github(COMPARISON, "HEAD", Spec(nothing, nothing, {}, {}, {}, {})).splitlines()[0]
    assert first.startswith("::warning file=spec/v1/a/b%2Cc.yaml,line=1,col=1,title=breaking%3A field-removed::")
    assert first.endswith(": 50%25 <b>gone</b>%0Anow")


def test_the_paragraph_of_no_changes_says_so() -> None:
    assert as_markdown(Comparison("0.1.0", "0.1.0", ())) == "## 0.1.0\n\nNo changes.\n"
