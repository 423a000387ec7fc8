"""Builds the wheel, installs it in a fresh environment, and runs the demo from there: `make wheel`.

What a wheel lacks shows only where the sources are out of reach.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).parents[1]


def run(*words: str | Path, cwd: Path | None = None) -> None:
    """Run a command; its failure ends the script."""
    done = subprocess.run([str(word) for word in words], cwd=cwd, check=False)  # noqa: S603  our own commands
    if done.returncode:
        sys.exit(f"failed: {' '.join(str(word) for word in words)}")


def main() -> None:
    """Build, install, run."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
        run(*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT)
        wheel = next(folder.glob("parcelproof-*.whl"))
        venv.create(folder / "env", with_pip=True)
        run(folder / "env" / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install", wheel)
        run(folder / "env" / "bin" / "parcelproof", "demo", "--shipments", "2000", cwd=folder)
        print(f"{wheel.name} ({wheel.stat().st_size:,} bytes) runs from a fresh environment")


if __name__ == "__main__":
    main()
