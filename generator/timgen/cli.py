"""The command line. Exit codes: 0 fine, 1 findings, 2 wrong usage or a file that cannot be read or written."""

from __future__ import annotations

import functools
import gc
import re
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, ParamSpec

import click

from timgen.reading import project as projects
from timgen.reading.project import NoProjectError, Project
from timgen.reporting import DRIFT, all_fine, report, report_drift, report_paths

if TYPE_CHECKING:
    from timgen.modelling.model import Api
    from timgen.pipeline import Progress, Tree
    from timgen.publishing.manifest import Manifest
    from timgen.reading.inputs import Inputs

P = ParamSpec("P")

_FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

FINDINGS = 1
FAILURE = 2


class _State:
    """What the options before the command say."""

    def __init__(self, root: Path | None) -> None:
        self._root = root

    def project(self, *, packaged: bool = False) -> Project:
        """Return the project to work on; with `packaged`, this release's own where there is no other."""
        if self._root:
            return projects.at(self._root.resolve())
        try:
            return projects.find(Path.cwd())
        except NoProjectError:
            if packaged:
                return projects.packaged()
            raise


def _guarded(function: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user can cause into a message and exit code 2."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from timgen.publishing.manifest import ManifestError

        try:
            function(*args, **kwargs)
        except (NoProjectError, ManifestError) as error:
            _fail(str(error))
        except BrokenPipeError:
            # The reader of our output has seen enough.
            sys.stderr.close()
            sys.exit(FAILURE)
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            _fail(f"{where}{error.strerror or error}")

    return run


def _fail(message: str) -> None:
    click.echo(f"timgen: {message}", err=True)
    sys.exit(FAILURE)


format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How findings are reported.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of the project. Default: the nearest one upwards that has spec/api.yaml.",
)
@click.version_option(package_name="timgen", prog_name="timgen")
@click.pass_context
def main(context: click.Context, root: Path | None) -> None:
    """Generate a typed client of an API, and its documentation, from one spec."""
    context.obj = _State(root)


@main.command()
@format_option
@click.pass_obj
@_guarded
def generate(state: _State, form: str) -> None:
    """Write generated/ anew from spec/ and templates/.

    Only files that changed are written. A file that was edited by hand is refused and nothing is written.
    """
    from timgen.pipeline import is_current
    from timgen.publishing.publish import Drift, RefusedError, existing_files, publish

    project, inputs, manifest = _inputs(state)
    if is_current(project, inputs, manifest):
        all_fine(f"{len(manifest.files)} files are up to date.", form)
        return
    tree = _tree(project, inputs, manifest, form)
    try:
        published = publish(project.output, tree.files, tree.manifest)
    except RefusedError as error:
        report_paths(Drift(missing=(), stale=(), edited=error.paths, extra=()), form, err=True)
        hint = "Restore these files, or delete them; what they shall say belongs into spec/ or templates/."
        click.echo(f"{hint} Nothing was written.", err=True)
        sys.exit(FINDINGS)
    for path in published.written:
        click.echo(f"wrote   generated/{path}", err=form != "text")
    for path in published.removed:
        click.echo(f"removed generated/{path}", err=form != "text")
    for path in sorted(existing_files(project.output).keys() - tree.files.keys()):
        click.echo(f"generated/{path}: {DRIFT['extra'][0]}; {DRIFT['extra'][1]}", err=True)
    summary = (
        f"{len(published.written)} files written, {len(published.removed)} removed, {published.unchanged} unchanged."
    )
    all_fine(summary, form)


@main.command()
@format_option
@click.pass_obj
@_guarded
def check(state: _State, form: str) -> None:
    """Tell whether generated/ is what the spec says; write nothing.

    Exits with 1 and a diff when it is not, naming missing, stale, edited and extra files.
    """
    from timgen.pipeline import is_current
    from timgen.publishing.manifest import MANIFEST
    from timgen.publishing.publish import compare
    from timgen.reading.inputs import sha256

    project, inputs, manifest = _inputs(state)
    if is_current(project, inputs, manifest):
        all_fine(f"{len(manifest.files)} files are what the spec says.", form)
        return
    tree = _tree(project, inputs, manifest, form)
    drift = compare(project.output, {path: sha256(data) for path, data in tree.files.items()}, manifest)
    if not drift and manifest != tree.manifest:
        drift = replace(drift, stale=(MANIFEST,))
    if not drift:
        all_fine(f"{len(tree.files)} files are what the spec says.", form)
        return
    report_drift(project, tree, drift, form)
    sys.exit(FINDINGS)


@main.command()
@format_option
@click.pass_obj
@_guarded
def lint(state: _State, form: str) -> None:
    """Check the spec: syntax, form, references, names, examples. All findings in one run."""
    from timgen.pipeline import load

    project = state.project()
    with _progress() as progress:
        progress("Checking the spec")
        built, findings = load(project.root)
    if built is None:
        report(findings, form)
        sys.exit(FINDINGS)
    all_fine(f"{sum(1 for _ in built.spec.documents())} files, nothing to report.", form)


@main.command("import")
@click.argument("pages", nargs=-1, required=True, metavar="PAGE.md...", type=click.Path(path_type=Path))
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    help="File to write one page's draft to; - prints all drafts. Default: the place in spec/.",
)
@click.pass_obj
@_guarded
def import_(state: _State, pages: tuple[Path, ...], output: Path | None) -> None:
    """Draft spec files from pages of the vendor's documentation, as Markdown.

    The drafts have the fields, limits, codes and samples of the page, and the mark TODO where a person
    must find words or decide; `timgen lint` names every such place. No file is overwritten.
    """
    from timgen.importing import PageError, known_in, read_drafts, write_drafts, write_new
    from timgen.reading.spec import read_spec

    to_stdout = output == Path("-")
    if output and not to_stdout and len(pages) > 1:
        raise click.UsageError("--output takes one page, or - for all")
    project = state.project()
    known = known_in(read_spec(project.root)[0])
    refused = False
    for number, page in enumerate(pages):
        try:
            drafts = read_drafts(page, known)
            if to_stdout:
                click.echo(("---\n" if number else "") + drafts[0].text, nl=False)
            elif output:
                write_new(output, drafts[0].text, str(output))
                click.echo(f"wrote   {output}")
            else:
                for path in write_drafts(project.root, drafts):
                    click.echo(f"wrote   {path}")
            for line, warning in drafts[0].warnings:
                click.echo(f"{page}:{line}: {warning}", err=True)
        except PageError as error:
            click.echo(f"{page}: {error}", err=True)
            refused = True
    if refused:
        sys.exit(FINDINGS)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on. Default: a free one.")
@click.option("--certificate", type=_FILE, help="PEM file with a certificate chain: serve HTTPS.")
@click.option("--private-key", type=_FILE, help="PEM file with the certificate's key. Default: the same file.")
@click.option("--verbose", is_flag=True, help="One line a call on standard error.")
@click.pass_obj
@_guarded
def mock(
    state: _State, host: str, port: int, certificate: Path | None, private_key: Path | None, verbose: bool
) -> None:
    """Serve a mock of the API that checks calls and answers with the spec's examples.

    Outside a project it serves the spec of this release. It prints its address and the credentials
    it takes, and runs until Ctrl-C.
    """
    from timgen.mock import serve

    if private_key and not certificate:
        raise click.UsageError("--private-key needs --certificate")
    serve(_api(state), host=host, port=port, certificate=certificate, private_key=private_key, verbose=verbose)


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("topic", metavar="CODE|templates")
@click.pass_obj
@_guarded
def explain(state: _State, topic: str) -> None:
    """Say what an error code means, what to do about it, and which commands answer with it.

    In place of a code, `templates`: the reference for those who write templates, as Markdown.
    """
    if topic == "templates":
        from timgen.tools.reference import reference

        click.echo(reference(), nl=False)
        return
    from timgen.tools import explain as pages

    if not re.fullmatch("-?[0-9]+", topic):
        raise click.UsageError(f"{topic!r} is no error code; give one, or `templates`")
    api, code = _api(state), int(topic)
    error = next((error for error in api.errors if error.code == code), None)
    if error is None:
        click.echo(f"timgen: {code} is not in spec/errors.yaml; the nearest codes there:", err=True)
        for near in pages.nearest(api, code):
            click.echo(f"  {near.code} {near.name}", err=True)
        sys.exit(FINDINGS)
    title, _, rest = pages.explain(api, error).partition("\n")
    click.echo(click.style(title, bold=True))
    click.echo(rest, nl=False)


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is reported.")
@click.pass_obj
@_guarded
def coverage(state: _State, form: str) -> None:
    """Count commands, webhooks and error codes; name the entries that are partial or lack something."""
    import json

    from timgen.tools.coverage import as_text, measure

    measured = measure(_api(state))
    click.echo(json.dumps(asdict(measured), indent=2) if form == "json" else as_text(measured).rstrip("\n"))


def _api(state: _State) -> Api:
    """Return the model of the project at hand, or of this release; report what stands in the way and exit."""
    from timgen.pipeline import SpecError, load_api

    try:
        return load_api(state.project(packaged=True).root)
    except SpecError as error:
        report(list(error.findings), "text")
        sys.exit(FINDINGS)


def _inputs(state: _State) -> tuple[Project, Inputs, Manifest]:
    from timgen.publishing.manifest import read_manifest
    from timgen.reading.inputs import read_inputs

    project = state.project()
    return project, read_inputs(project), read_manifest(project.output)


def _tree(project: Project, inputs: Inputs, manifest: Manifest, form: str) -> Tree:
    """Make the output, or report what stands in the way and exit."""
    from timgen.pipeline import make_tree

    with _progress() as progress:
        tree, findings = make_tree(project, inputs, manifest, progress)
    if tree is None:
        report(findings, form)
        sys.exit(FINDINGS)
    return tree


@contextmanager
def _progress() -> Generator[Progress]:
    """Work with the stage at work shown on a terminal; elsewhere say nothing."""
    # Nearly all that is made lives to the end, so that looking for garbage is a sixth of the time lost.
    gc.disable()
    try:
        if not sys.stderr.isatty():
            yield lambda _stage: None
            return
        from rich.console import Console

        with Console(stderr=True).status("Reading") as status:
            yield lambda stage: status.update(stage)
    finally:
        gc.enable()
