"""Who may work on a data folder."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.errors import FolderBusyError, FolderError
from service.folder import owned, prepare


def test_a_missing_folder_is_created(tmp_path: Path) -> None:
    assert prepare(tmp_path / "a" / "b").is_dir()


def test_a_place_that_cannot_be_a_folder_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match=r"file/data: cannot be written \(Not a directory\)"):
        prepare(tmp_path / "file" / "data")


def test_the_second_owner_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    with (
        owned(tmp_path),
        pytest.raises(FolderBusyError, match=rf"another Rasad \(process {os.getpid()}\)"),
        owned(tmp_path),
    ):
        pass


def test_the_lock_ends_with_its_holder(tmp_path: Path) -> None:
    code = "import sys, os; from pathlib import Path; from service.folder import owned\n"
    code += "with owned(Path(sys.argv[1])): os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False, timeout=30)
    with owned(tmp_path) as folder:
        assert folder == tmp_path


def test_two_names_in_one_folder_do_not_collide(tmp_path: Path) -> None:
    with owned(tmp_path, "worker-a"), owned(tmp_path, "worker-b"):
        assert (tmp_path / "worker-a.lock").read_text() == str(os.getpid())
