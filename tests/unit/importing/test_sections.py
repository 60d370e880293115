"""The parts of a page, by what their headings say."""

from __future__ import annotations

from support.minispec import Mini
from support.vendor import page
from timgen.importing import drafts_of, known_in
from timgen.reading.spec import read_spec


def test_the_url_names_the_command_without_front_matter(mini: Mini) -> None:
    known = known_in(read_spec(mini.root)[0])
    source = '# A\n\nPOST https://xxx/v4/a_svc/b_cmd?x=1\n\n## Request\n\n```json\n{"A": 1}\n```\n'
    assert drafts_of(source, known)[0].path == "spec/v4/a_svc/b_cmd.yaml"


def test_what_is_left_out_is_told(mini: Mini) -> None:
    source = page("| A | String | x |", '{"A": ') + "\n## Files\n\n```\n{}\n```\n"
    mini.write("page.md", source)
    result = mini.timgen("import", "page.md")
    assert result.returncode == 0
    assert "page.md:7: the sample is left out: a value is missing" in result.stderr
    assert "page.md:19: the sample is left out: no heading says which body it shows" in result.stderr
