"""``kumpel run`` starts our own code, wherever it is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]


def test_a_package_of_the_same_name_in_the_working_directory_is_not_run(tmp_path: Path):
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit('somebody else ran')\n", "utf-8")
    run = subprocess.run(
        [sys.executable, "-P", "-c", "from bot.cli import main; main()", "run", "--env", "missing.env"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), "LANG": "en_GB.UTF-8"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert "somebody else" not in run.stderr
    assert "KUMPEL_SECRET is missing" in run.stderr
