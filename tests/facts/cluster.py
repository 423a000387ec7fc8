"""A Spark cluster on this machine: a standalone master and two workers, each a process of its own, reached over loopback."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pyspark
import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

HOME = Path(pyspark.__file__).parent
QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"
"""A test is over before a better compiler would pay."""
SOURCE = Path(__file__).parents[2] / "src"
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    "spark.driver.memory": "800m",
    "spark.driver.extraJavaOptions": QUICK,
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.executor.memory": "512m",
    "spark.executor.cores": "1",
    "spark.executor.extraJavaOptions": QUICK,
    "spark.sql.shuffle.partitions": "2",
    "spark.default.parallelism": "2",
    "spark.sql.constraintPropagation.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
WORKERS = 2


@contextmanager
def cluster(folder: Path) -> Iterator[SparkSession]:
    """A session on a cluster that lives as long as it."""
    from pyspark import SparkConf  # noqa: PLC0415  only where Spark runs
    from pyspark.sql import SparkSession  # noqa: PLC0415  the same

    port = free_port()
    master = f"spark://127.0.0.1:{port}"
    with ExitStack() as processes:
        processes.enter_context(_process(folder / "master.log", "org.apache.spark.deploy.master.Master", "--port", str(port)))
        _wait_for(port)
        for number in range(WORKERS):
            args = ("--cores", "1", "--memory", "512m", "-d", str(folder / f"work-{number}"), master)
            processes.enter_context(_process(folder / f"worker-{number}.log", "org.apache.spark.deploy.worker.Worker", *args))
        with pytest.MonkeyPatch.context() as patch:
            for name, value in _environment().items():
                patch.setenv(name, value)
            config = SparkConf().setMaster(master).setAppName("tests")
            for name, value in SETTINGS.items():
                config.set(name, value)
            session = SparkSession.builder.config(conf=config).getOrCreate()
            try:
                yield session
            finally:
                session.stop()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _environment() -> dict[str, str]:
    return {
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "128m",
        "SPARK_DAEMON_JAVA_OPTS": QUICK,
        "PYSPARK_PYTHON": sys.executable,
        "PYTHONPATH": os.pathsep.join([str(SOURCE), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
    }


@contextmanager
def _process(log: Path, name: str, *args: str) -> Iterator[None]:
    with log.open("wb") as told:
        command = [str(HOME / "bin" / "spark-class"), name, "--host", "127.0.0.1", "--webui-port", "0", *args]
        process = subprocess.Popen(command, env=os.environ | _environment(), stdout=told, stderr=subprocess.STDOUT)  # noqa: S603
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert time.monotonic() < until, "the master does not listen"
        time.sleep(0.1)
