"""Cases: fragments of a spec, each about one thing that is awkward, put together to one project."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from support import minispec

ROOT = Path(__file__).parents[2]
CASES = Path(__file__).parent / "cases"
PACKAGE = "awkward_client"
"""Name of the generated client in these tests."""

_DEFAULTS = {"docs": "https://example.com/page", "date": "2024-02-29", "repeat": "unsafe"}


@dataclass(frozen=True)
class Case:
    """A folder of `cases/`: `case.yaml`, and in `expected/` what is generated from it."""

    name: str

    @property
    def folder(self) -> Path:
        return CASES / self.name

    @property
    def fragment(self) -> Mapping[str, Any]:
        """Shared schemas by file under `schemas`, commands by name under `commands`."""
        text = (self.folder / "case.yaml").read_text(encoding="utf-8")
        return cast(Mapping[str, Any], yaml.safe_load(text))

    @property
    def commands(self) -> Mapping[str, Any]:
        return cast(Mapping[str, Any], self.fragment["commands"])

    @property
    def has_long_lists(self) -> bool:
        """Whether the asynchronous methods differ from the others by more than `await`."""
        return any(command.keys() & {"paging", "batch"} for command in self.commands.values())

    @property
    def class_noun(self) -> str:
        return "".join(word.title() for word in self.name.split("_"))

    def spec_files(self) -> dict[str, str]:
        """Return the files that the case adds to a spec: the service and the namespace have its name."""
        files = {f"spec/v4/{self.name}/_service.yaml": _yaml({"summary": f"Case {self.name}"})}
        for name, schemas in self.fragment.get("schemas", {}).items():
            files[f"spec/schemas/{name}.yaml"] = _yaml(schemas)
        for name, command in self.commands.items():
            head = {"summary": f"Do {name}", "method": f"{self.name}.{name}", **_DEFAULTS}
            files[f"spec/v4/{self.name}/{name}.yaml"] = _yaml({**head, **command})
        return files

    def generated(self, package: Path) -> dict[str, str]:
        """Return the files of a generated client that are about the case, by path below `package`."""
        modules = [f"models/{name}.py" for name in self.fragment.get("schemas", {})]
        paths = [
            package / f"namespaces/{self.name}.py",
            *([package / f"async_namespaces/{self.name}.py"] if self.has_long_lists else []),
            *(package / module for module in modules),
            *sorted(package.glob(f"models/{self.name}/[a-z]*.py")),
        ]
        return {path.relative_to(package).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def all_cases() -> list[Case]:
    return [Case(folder.name) for folder in sorted(CASES.iterdir()) if folder.is_dir()]


def make_project(root: Path, cases: Iterable[Case], *templates: str) -> minispec.Mini:
    """Write a project that holds `cases` and the named folders of the real templates."""
    mini = minispec.Mini(root)
    known = list(cases)
    api = cast(dict[str, Any], yaml.safe_load(minispec.API))
    api["namespaces"] = {case.name: {"noun": case.class_noun, "summary": f"Case {case.name}"} for case in known}
    mini.write("spec/api.yaml", _yaml(api))
    mini.write("spec/errors.yaml", minispec.ERRORS)
    for case in known:
        for file, text in case.spec_files().items():
            mini.write(file, text)
    for folder in templates:
        shutil.copytree(ROOT / "templates" / folder, root / "templates" / folder)
    return mini


def _yaml(value: object) -> str:
    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the name is PyYAML's
            return True

    return yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True, width=100)
