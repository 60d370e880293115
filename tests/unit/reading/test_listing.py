"""What belongs to a spec, and what only lies in its folder."""

from pathlib import Path

from support.minispec import Mini
from support.rules import findings
from timgen.reading.listing import spec_files, template_files


def test_hidden_files_and_backups_of_editors_are_no_part_of_the_spec(mini: Mini) -> None:
    for name in ("spec/.DS_Store", "spec/v4/note_svc/.send.yaml.swp", "spec/v4/note_svc/send.yaml~", "spec/.git/x"):
        mini.write(name, "a: [")
    mini.write("spec/v4/note_svc/#send.yaml#", "a: [")
    assert findings(mini) == []


def test_backups_of_editors_are_no_templates(mini: Mini) -> None:
    for name in ("index.md.j2~", "#index.md.j2#", ".index.md.j2.swp"):
        mini.write(f"templates/docs/{name}", "{{ broken")
    before = template_files(mini.path("templates"))
    assert "index.md.j2" in {path.name for path in before}
    assert not [path for path in before if path.name.startswith((".", "#")) or path.name.endswith("~")]


def test_a_link_to_a_folder_is_listed_and_not_followed(mini: Mini, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "send.yaml").write_text("a: 1\n")
    for folder in ("spec/v4", "templates"):
        mini.path(f"{folder}/link").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert [path.name for path in spec_files(mini.path("spec")) if "link" in path.parts] == ["link"]
    assert [path.name for path in template_files(mini.path("templates")) if "link" in path.parts] == ["link"]
