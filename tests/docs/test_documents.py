"""What the documents say is so: pages follow from the program, links lead somewhere, commands run."""

from __future__ import annotations

import re
import shlex
import shutil
import struct
import subprocess
import sys
import tomllib
from glob import glob
from pathlib import Path

import pytest

import write_reference
from parcelproof.demo import PAYLOADS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
WITH_COMMANDS = [
    path for path in DOCUMENTS if re.search(r"^```sh\n(.*\n)*?parcelproof", path.read_text(encoding="utf-8"), re.MULTILINE) and ".zh-" not in path.name
]
"""The Chinese README has the commands of the English one, as another test sees to."""
_FENCE = re.compile(r"(?:^`(?P<file>[\w./-]+)`:\n\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRAM = (sys.executable, "-m", "parcelproof.cli")


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("name", write_reference.pages())
def test_a_reference_page_is_the_one_that_the_program_gives(name: str) -> None:
    assert (write_reference.PAGES / name).read_text(encoding="utf-8") == write_reference.pages()[name], "write it again: make docs"


def test_every_command_and_option_stands_in_the_reference() -> None:
    page = (write_reference.PAGES / "commands.md").read_text(encoding="utf-8")
    names = _commands_of_the_help()
    assert {"parcelproof judge", "parcelproof policy show"} < names
    for name in names:
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for option in re.findall(r"--[a-z-]+", _help(name).partition("Options:")[2]):
            assert option == "--help" or f"`{option}" in section, (name, option)


def _commands_of_the_help() -> set[str]:
    found = {"parcelproof"}
    for group in ("parcelproof", "parcelproof policy"):
        found |= {f"{group} {line.split()[0]}" for line in _help(group).partition("Commands:\n")[2].splitlines() if re.match(r"  \w", line)}
    return found - {"parcelproof policy"}


def _help(name: str) -> str:
    return subprocess.run([*PROGRAM, *name.split()[1:], "--help"], capture_output=True, text=True, check=True).stdout  # noqa: S603  our own program


@pytest.mark.parametrize("path", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", path.read_text(encoding="utf-8")):
        file, _, heading = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        if heading:
            assert heading in {_anchor(line) for line in there.read_text(encoding="utf-8").splitlines() if line.startswith("#")}, target


def _anchor(line: str) -> str:
    """How a page names a heading: lower case, without marks, with hyphens for blanks."""
    return re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")


def test_every_document_can_be_reached_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += [(path.parent / target).resolve() for target in re.findall(r"\]\((?!https?:)([^)#\s]+\.md)", path.read_text(encoding="utf-8"))]
    assert [name_of(path) for path in DOCUMENTS if path not in seen] == []


@pytest.mark.parametrize("path", WITH_COMMANDS, ids=name_of)
def test_the_commands_of_a_document_run_as_they_stand(path: Path, given: Path, tmp_path: Path) -> None:
    shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    ran = 0
    for fence in _FENCE.finditer(path.read_text(encoding="utf-8")):
        if fence["file"]:
            (tmp_path / fence["file"]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / fence["file"]).write_text(fence["text"], encoding="utf-8")
        for line in fence["text"].splitlines() if fence["kind"] == "sh" else ():
            words = shlex.split(line, comments=True)
            if words and words[0] == "parcelproof":
                done = subprocess.run([*PROGRAM, *_expanded(words[1:], tmp_path)], cwd=tmp_path, capture_output=True, text=True, check=False)  # noqa: S603  our own program
                assert (done.returncode, done.stderr) == (0, ""), line
                ran += 1
    assert ran


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the documents take as given: answers of a tracking service, orders, and a dataset made of both."""
    folder = tmp_path_factory.mktemp("given")
    (folder / "answers").mkdir()
    for payload in (PAYLOADS / "kuaidi100").glob("query_*.json"):
        shutil.copy(payload, folder / "answers")
    start = (ROOT / "docs" / "start.md").read_text(encoding="utf-8")
    orders = next(fence["text"] for fence in _FENCE.finditer(start) if fence["file"] == "orders.csv")
    (folder / "orders.csv").write_text(orders, encoding="utf-8")
    imported = ("import", "kuaidi100", "--out", "mydata", "--orders", "orders.csv", "--timezone", "Asia/Shanghai", *_expanded(["answers/*.json"], folder))
    subprocess.run([*PROGRAM, *imported], cwd=folder, capture_output=True, check=True)  # noqa: S603  our own program
    return folder


def _expanded(words: list[str], folder: Path) -> list[str]:
    """Words as a shell hands them over: patterns become the files that they match."""
    return [found for word in words for found in (sorted(glob(word, root_dir=folder)) if "*" in word else [word])]  # noqa: PTH207  names are wanted as they are typed


def test_the_python_of_the_first_steps_runs(given: Path, tmp_path: Path) -> None:
    shutil.copytree(given, tmp_path, dirs_exist_ok=True)
    code = next(fence["text"] for fence in _FENCE.finditer((ROOT / "docs" / "start.md").read_text(encoding="utf-8")) if fence["kind"] == "python")
    shown = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True).stdout  # noqa: S603  our own documents
    assert shown == "{'undetermined': 1}\n"


def test_both_readmes_say_the_same() -> None:
    english, chinese = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md"))
    for pattern in (r"\]\(([^)]+)\)", r"^#+ ", r"^(?:make|parcelproof) .*?(?:  |$)", r"^\| ", r"^- "):
        found = [re.findall(pattern, text, re.MULTILINE) for text in (english, chinese)]
        same = [[re.sub(r"-(en|zh)\.png|--lang (en|zh)|README.*", "", item).strip() for item in items] for items in found]
        assert same[0] == same[1], pattern


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_picture_of_the_report_is_small_and_whole(lang: str) -> None:
    picture = (ROOT / "docs" / "images" / f"report-{lang}.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert picture.endswith(b"IEND\xaeB`\x82")
    assert struct.unpack(">I", picture[16:20])[0] > 1000
    assert len(picture) < 300_000


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    assert {"spark", "kafka", "postgres", "server", "all"} <= set(extras)
    wanted = [
        *project["project"]["dependencies"],
        *(package for name, packages in extras.items() if name != "all" for package in packages),
        *(package for packages in project["dependency-groups"].values() for package in packages),
        *project["build-system"]["requires"],
    ]
    cells = "\n".join(re.findall(r"^\|.*", (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8"), re.MULTILINE))
    for package in wanted:
        name = re.split(r"[\[<>=; ]", package)[0].lower()
        assert re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", cells), name
