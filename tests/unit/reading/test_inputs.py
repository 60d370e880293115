"""What a run depends on: every file of the spec and of the templates, but not how their lines end."""

import os
from pathlib import Path

from support.minispec import SPEC, TEMPLATES, Mini
from timgen.reading.inputs import read_inputs
from timgen.reading.project import Project

SEND = "spec/v4/note_svc/send.yaml"


def test_line_ends_make_no_difference(mini: Mini) -> None:
    before = read_inputs(Project(mini.root))
    for file in (*SPEC, *TEMPLATES):
        mini.write(file, mini.read(file).replace("\n", "\r\n"))
    assert read_inputs(Project(mini.root)) == before


def test_every_file_makes_one(mini: Mini) -> None:
    before = read_inputs(Project(mini.root)).whole
    for file in (*SPEC, *TEMPLATES):
        text = mini.read(file)
        mini.write(file, f"{text} ")
        assert read_inputs(Project(mini.root)).whole != before, file
        mini.write(file, text)
    assert read_inputs(Project(mini.root)).whole == before


def test_what_cannot_be_read_and_odd_names_are_left_to_the_reader_of_the_spec(mini: Mini) -> None:
    os.mkfifo(mini.path("spec/v4/note_svc/pipe.yaml"))
    Path(os.fsdecode(os.fsencode(mini.path("spec")) + b"/\xff.yaml")).write_text("a: 1\n")
    inputs = read_inputs(Project(mini.root))
    assert inputs.spec["spec/v4/note_svc/pipe.yaml"] == "unreadable"
    assert len(inputs.whole) == 64
