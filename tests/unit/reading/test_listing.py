"""What belongs to a spec, and what only lies in its folder."""

from support.minispec import Mini
from support.rules import findings


def test_hidden_files_and_backups_of_editors_are_no_part_of_the_spec(mini: Mini) -> None:
    for name in ("spec/.DS_Store", "spec/v4/note_svc/.send.yaml.swp", "spec/v4/note_svc/send.yaml~", "spec/.git/x"):
        mini.write(name, "a: [")
    assert findings(mini) == []
