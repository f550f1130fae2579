"""Every code block of every page is at least understood: commands by the parser, Python and data by theirs.

Run as they stand, by tests of their own: getting-started.md, auditing.md, plugin-tutorial.md, own-data.md, ci.md, and
README.md's plugin and configuration. Parsed here and no more, because they name what only a reader has: gate.md and
scoring.md (a project's baseline, sets of one's own), reproducibility.md and the README of each plugin (full runs and
trainings).
"""

import ast
import re
import shlex
import tomllib
from pathlib import Path

import click
import pytest
import yaml

from genaudit.cli.commands import program

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in ("*.md", "docs/*.md", "docs/decisions/*.md", "plugins/*/README.md", "reports/example/*.md")
    for path in ROOT.glob(pattern)
)
FENCE = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
DRAWN = {"architecture.md"}
"""Pages whose blocks without a language are drawings."""
FORM = re.compile(r"[…|]|\[-")
"""What marks a line as a form to be filled in, not as a command."""


def blocks(page):
    return FENCE.findall((ROOT / page).read_text(encoding="utf-8"))


def lines_of(page):
    """Each command line in the fenced and indented blocks of a page, continued lines joined."""
    text = (ROOT / page).read_text(encoding="utf-8")
    shown = [block for language, block in FENCE.findall(text) if language in {"sh", "yaml"}]
    shown += [line for line in FENCE.sub("", text).replace("\\\n", " ").splitlines() if line.startswith("    ")]
    for line in "\n".join(shown).replace("\\\n", " ").splitlines():
        found = re.match(r"[\s-]*(?:run: )?(?:\w+=\S+ )*(?:python -m )?genaudit ([a-z]+.*)", line)
        if found and not FORM.search(found[1].partition("#")[0]):
            yield found[1]


def mentions_of(page):
    """Each command that stands in a sentence, with as much of its arguments as the sentence needs."""
    prose = FENCE.sub("", (ROOT / page).read_text(encoding="utf-8"))
    for span in re.findall(r"(?<!`)`genaudit ([^`]+)`", prose):
        yield " ".join(span.split())


def command_of(words):
    """The command that the words begin with, its name, and the other words."""
    command, context = program, click.Context(program)
    name = "genaudit"
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        name, *words = words
        command = command.get_command(context, name)
    return command, name, words


@pytest.mark.parametrize("page", PAGES)
def test_every_block_is_in_the_language_that_it_says(page):
    for language, block in blocks(page):
        match language:
            case "python":
                ast.parse(block)
            case "toml":
                tomllib.loads(block)
            case "yaml":
                assert isinstance(yaml.safe_load(block), dict)
            case "sh":
                assert block.strip()
            case "":
                assert Path(page).name in DRAWN, "say the language of the block"
            case _:
                pytest.fail(f"{page} has a block in {language}, which no test reads")


@pytest.mark.parametrize("page", PAGES)
def test_every_command_line_is_one_that_the_parser_takes(page):
    for line in lines_of(page):
        command, name, words = command_of(shlex.split(line.partition(" > ")[0].partition(" && ")[0], comments=True))
        assert command is not None, f"{page}: genaudit {line}"
        if "--help" in words or isinstance(command, click.Group):
            continue
        try:
            command.make_context(name, words)
        except click.ClickException as error:
            pytest.fail(f"{page}: genaudit {line}: {error.format_message()}")


@pytest.mark.parametrize("page", [page for page in PAGES if "/decisions/" not in page])  # they also name what is not
def test_every_command_that_a_sentence_names_exists_with_its_flags(page):
    for line in mentions_of(page):
        command, _, words = command_of(line.split())
        assert command is not None, f"{page}: genaudit {line}"
        known = {flag for parameter in command.params for flag in parameter.opts} | {"--help", "--version", "-h"}
        flags = {word.partition("=")[0].strip("[],") for word in words if re.match(r"\[?--?[a-z]", word)}
        assert flags <= known, f"{page}: genaudit {line}"


def test_commands_are_found_on_the_pages_that_have_many():
    assert len(list(lines_of("README.md"))) > 12
    assert len(list(lines_of("docs/gate.md"))) > 3
    assert len(list(mentions_of("docs/gate.md"))) > 3
    assert len(list(lines_of("plugins/genaudit_vae/README.md"))) > 2


def test_every_page_can_be_reached_from_the_first():
    first = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([^)#]+)", first))
    own = {path.name for path in (ROOT / "docs").glob("*.md")} - {"index.md"}
    assert own <= linked
