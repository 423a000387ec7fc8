"""The command line as a stranger meets it: mistakes, pipes, terminals, interruption, start-up."""

from __future__ import annotations

import json
import os
import pty
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from parcelproof.cli import SOURCES
from parcelproof.simulate import simulate
from parcelproof.sources import readers

PROGRAM = (sys.executable, "-m", "parcelproof.cli")


def command(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*PROGRAM, *words], capture_output=True, text=True, check=False, cwd=cwd)  # noqa: S603  our own program


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small marketplace in `world`, judged into `judged`."""
    folder = tmp_path_factory.mktemp("month")
    simulate(400, 1, folder / "world")
    assert command("judge", "world", "--policy", "douyin-shop", "--out", "judged", cwd=folder).returncode == 0
    return folder


JUDGE = ("judge", "world", "--policy", "douyin-shop")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("bogus",), "No such command 'bogus': `parcelproof --help`"),
        (("judge",), "Missing argument 'dataset': `parcelproof judge --help`"),
        ((*JUDGE,), "Missing option '--out'"),
        ((*JUDGE, "--out", "o", "--bogus"), "No such option: --bogus"),
        (("judge", "nowhere", "--policy", "douyin-shop", "--out", "o"), "nowhere does not exist"),
        (("judge", "world/orders.parquet", "--policy", "douyin-shop", "--out", "o"), "name the folder that holds orders"),
        (("judge", "nowhere", "--policy", "dy", "--out", "o"), "unknown policy 'dy'"),
        ((*JUDGE, "--out", "world"), "name another folder"),
        ((*JUDGE, "--out", "world/orders.parquet"), "is a file: name a folder"),
        ((*JUDGE, "--out", "world/orders.parquet/deeper"), "cannot be written (Not a directory): choose another folder"),
        ((*JUDGE, "--out", "o", "--threads", "0"), "give a number from 1 to 1024"),
        ((*JUDGE, "--out", "o", "--threads", "100000"), "give a number from 1 to 1024"),
        ((*JUDGE, "--out", "o", "--threads", "many"), "'--threads'"),
        ((*JUDGE, "--out", "o", "--memory", "nonsense"), "write it like 6GB"),
        ((*JUDGE, "--out", "o", "--memory", "-5GB"), "write it like 6GB"),
        ((*JUDGE, "--out", "o", "--memory", "1KB"), "give more with --memory"),
        ((*JUDGE, "--out", "o", "--as-of", "nonsense"), "write it like 2026-08-31"),
        ((*JUDGE, "--out", "o", "--as-of", "0001-01-01T00:00:00+14:00"), "write it like 2026-08-31"),
        ((*JUDGE, "--out", "o", "--engine", "nonsense"), "unknown engine 'nonsense': known are duckdb"),
        ((*JUDGE, "--out", "o", "--output-format", "xml"), "'parquet', 'csv', 'jsonl'"),
        (("explain", "world", "x"), "name the folder that `parcelproof judge --out` wrote"),
        (("explain", "judged", "nope"), "the nearest are"),
        (("explain", "judged", "O000000001", "--lang", "fr"), "'zh', 'en'"),
        (("identify",), "Missing argument 'numbers'"),
        (("simulate", "--shipments", "0", "--out", "s"), "greater than or equal to 1"),
        (("simulate", "--shipments", "9" * 20, "--out", "s"), "less than or equal to 1000000000"),
        (("simulate", "--shipments", "1", "--seed", "9" * 20, "--out", "s"), "less than or equal to 1000000000"),
        (("simulate", "--shipments", "1", "--out", "judged"), "which is not of an earlier run: name a new folder"),
        (("policy", "show", "nope"), "unknown policy 'nope'"),
        (("policy", "show", "douyin-shop", "nope"), "write it like 2026-07-09"),
        (("policy", "check", "nowhere"), "unknown policy 'nowhere'"),
        (("import", "nothing", "x", "--out", "o"), "unknown source 'nothing'"),
        (("import", "kuaidi100", "nofile", "--out", "o"), "nofile cannot be read (No such file or directory): check its name"),
        (("import", "kuaidi100", "world", "--out", "o"), "world is a folder: name the files in it"),
        (
            ("import", "csv", "judged/run.json", "--mapping", "nofile", "--out", "o"),
            "nofile: it cannot be read (No such file or directory); check its name",
        ),
        (("import", "kuaidi100", "world/orders.parquet", "--timezone", "Mars/X", "--out", "o"), "write a name such as Asia/Shanghai"),
        (("import", "csv", "judged/run.json", "--table", "nope", "--out", "o"), "unknown table 'nope'"),
        (("demo", "--out", "world/orders.parquet"), "cannot be written (Not a directory): name another folder"),
        (("demo", "--shipments", "0"), "greater than or equal to 1"),
    ],
)
def test_a_mistake_is_one_line_that_says_how_to_mend_it(month: Path, words: tuple[str, ...], told: str) -> None:
    done = command(*words, cwd=month)
    assert done.returncode == 2, done.stderr
    assert told in done.stderr
    assert done.stderr.startswith("parcelproof: ")
    assert done.stderr.count("\n") == 1
    assert sorted(path.name for path in month.iterdir()) == ["judged", "world", "world-labels"]


def test_an_import_that_reads_nothing_says_why_and_ends_with_1(month: Path, tmp_path: Path) -> None:
    done = command("import", "kuaidi100", str(month / "world" / "orders.parquet"), "--out", str(tmp_path / "d"))
    assert (done.returncode, done.stderr) == (1, "")
    assert "Nothing was read" in done.stdout
    assert "Refused, 1" in done.stdout


@pytest.mark.parametrize(
    "words",
    [
        (*JUDGE, "--out", "judged", "--json"),
        ("explain", "judged", "O000000001", "--json"),
        ("identify", "SF1343865432107", "nonsense", "--json"),
        ("policy", "list", "--json"),
        ("policy", "show", "--json"),
        ("policy", "check", "--json"),
    ],
)
def test_json_is_all_that_is_printed(month: Path, words: tuple[str, ...]) -> None:
    done = command(*words, cwd=month)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)


def test_json_of_what_writes_folders(tmp_path: Path) -> None:
    assert json.loads(command("simulate", "--shipments", "50", "--out", "s", "--json", cwd=tmp_path).stdout)["honest"] > 0
    told = json.loads(command("demo", "--shipments", "50", "--out", "d", "--json", cwd=tmp_path).stdout)
    assert (tmp_path / told["report"]).is_file()
    payload = tmp_path / "answer.json"
    payload.write_text('{"message":"ok","nu":"1234567890","com":"shentong","data":[{"time":"2026-08-01 10:00:00","context":"已揽收"}]}', encoding="utf-8")
    assert json.loads(command("import", "kuaidi100", "answer.json", "--out", "i", "--json", cwd=tmp_path).stdout)["read"] == {"scans": 1}


@pytest.mark.parametrize("output_format", ["csv", "jsonl"])
def test_a_story_is_told_from_every_output_format(month: Path, tmp_path: Path, output_format: str) -> None:
    out = str(tmp_path / "o")
    assert command(*JUDGE, "--out", out, "--output-format", output_format, cwd=month).returncode == 0
    told = {lang: command("explain", out, "O000000001", "--lang", lang, cwd=month).stdout for lang in ("zh", "en")}
    assert told == {lang: command("explain", "judged", "O000000001", "--lang", lang, cwd=month).stdout for lang in ("zh", "en")}
    assert told["zh"].startswith("订单")


def test_without_a_command_there_is_help(month: Path) -> None:
    for words in ((), ("policy",)):
        done = command(*words, cwd=month)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Commands:" in done.stdout
    assert command("--version").stdout.count(".") == 2


def test_import_lists_every_source_there_is() -> None:
    assert tuple(readers()) == SOURCES


def test_help_loads_nothing_heavy_and_is_there_at_once() -> None:
    heavy = ("duckdb", "pyarrow", "sqlglot", "jinja2", "yaml", "numpy")
    code = f"import sys; from parcelproof.cli import app; app(['--help'], standalone_mode=False); print([name for name in {heavy} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout  # noqa: S603  our own program
    assert shown.splitlines()[-1] == "[]"
    assert "judge" in shown
    assert min(_processor_seconds("--help") for _ in range(3)) < 0.3


def _processor_seconds(*words: str) -> float:
    """What a command costs: on an idle machine, the time that one waits for it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert command(*words).returncode == 0
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_progress_is_for_terminals_alone(month: Path, tmp_path: Path) -> None:
    words = (*JUDGE, "--out", str(tmp_path / "o"))
    assert command(*words, cwd=month).stderr == ""
    stages = _on_terminal(month, *words)
    assert [stage for stage in ("reading", "facts: ", "judging", "writing") if stage not in stages] == []


def _on_terminal(cwd: Path, *words: str) -> str:
    """What a command draws on a terminal while it runs."""
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "120"}
    with subprocess.Popen([*PROGRAM, *words], cwd=cwd, stdout=subprocess.PIPE, stderr=slave, env=environment) as run:  # noqa: S603  our own program
        os.close(slave)
        drawn = b""
        while chunk := _read(master):
            drawn += chunk
        assert run.wait() == 0
    os.close(master)
    return drawn.decode()


def _read(terminal: int) -> bytes:
    """The next piece; nothing when the other side has closed it, which Linux tells as an error."""
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def test_an_audit_goes_from_a_sample_to_the_page(month: Path, tmp_path: Path) -> None:
    drawn = json.loads(command("audit-sample", "judged", "--size", "60", "--file", str(tmp_path / "audit.csv"), "--json", cwd=month).stdout)
    assert sum(row["drawn"] for row in drawn.values()) == 60
    text = (tmp_path / "audit.csv").read_text(encoding="utf-8")
    (tmp_path / "audit.csv").write_text(text.replace("audit,", "audit,honest"), encoding="utf-8")
    told = json.loads(command("accuracy", "judged", str(tmp_path / "audit.csv"), "--json", cwd=month).stdout)
    assert told["bound"]["innocent"] == told["bound"]["labels"] == drawn["violation"]["drawn"]
    assert told["bound"]["at_most"] is None
    done = command("judge", "world", "--policy", "douyin-shop", "--labels", str(tmp_path / "audit.csv"), "--out", str(tmp_path / "out"), cwd=month)
    assert "insufficient evidence (n = " in done.stdout
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f"insufficient evidence (n = {told['bound']['labels']})" in page
    assert f"证据不足（n = {told['bound']['labels']}）" in page
    assert command("accuracy", "judged", "none.csv", cwd=month).returncode == 2


@pytest.fixture
def heeded() -> Iterator[None]:
    """A run in the background of a shell inherits that Ctrl-C is ignored, and rightly heeds that; here it is to be heard."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("after", [0.1, 1])
def test_a_stopped_judge_leaves_cleanly(tmp_path: Path, number: signal.Signals, after: float) -> None:
    simulate(60_000, 1, tmp_path / "world")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with subprocess.Popen(  # noqa: S603  our own program
        [*PROGRAM, *JUDGE, "--out", "o"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(scratch)}
    ) as run:
        while not any(scratch.iterdir()):
            time.sleep(0.01)
        time.sleep(after)
        run.send_signal(number)
        said, wrong = run.communicate(timeout=60)
    assert (run.returncode, said, wrong) == (130, "", "parcelproof: stopped before the end: run it again\n")
    assert list(scratch.iterdir()) == []
    assert not (tmp_path / "o" / "run.json").exists()
    assert not (tmp_path / "o" / ".part").exists()


def test_a_reader_that_goes_away_is_no_error(month: Path) -> None:
    with subprocess.Popen([*PROGRAM, "explain", "judged", "O000000001"], cwd=month, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:  # noqa: S603  our own program
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        assert run.stderr.read() == b""
        assert run.wait() == 0
