"""docker-compose.yml and the Dockerfile, read and checked; no container engine runs them here."""

import re
import shlex
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import click
import pytest
import yaml  # type: ignore[import-untyped]  # a test's reader of a file of ours

from service.cli.main import COMMANDS, cli
from service.settings import Settings, load_settings
from service.version import __version__

ROOT: Final = Path(__file__).parents[2]
DOCKERFILE: Final = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: Final[dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: Final[dict[str, dict[str, Any]]] = COMPOSE["services"]
OURS: Final = ("migrate", "web", "worker")
#: What a service may say, by the compose specification (compose-spec.io), as far as we use it.
KEYS: Final = frozenset(
    {"build", "image", "user", "command", "environment", "secrets", "volumes", "tmpfs", "ports"}
    | {"read_only", "cap_drop", "security_opt"}
    | {"restart", "stop_grace_period", "depends_on", "healthcheck"}
)
PINNED: Final = re.compile(r"[a-z][a-z0-9/-]*:v?\d+\.\d+(\.\d+)?(-[a-z0-9-]+)?")
CONDITIONS: Final = {"service_started", "service_healthy", "service_completed_successfully"}


def settings_of(name: str, folder: Path) -> Settings:
    """Load a service's settings as it would, the files it is given standing in `folder`."""
    environment = dict(SERVICES[name]["environment"])
    assert all(isinstance(value, str) for value in environment.values()), "quote numbers"
    for key, path in environment.items():
        if key.endswith("_FILE"):
            given = folder / Path(path).name
            given.write_text("postgresql+psycopg://rasad@postgres/rasad\n", encoding="utf-8")
            environment[key] = str(given)
    return load_settings(None, environment | instructions_environment())


def instructions(stage: int) -> list[tuple[str, str]]:
    """Return one stage of the Dockerfile as instructions with their arguments."""
    stages = re.split(r"^(?=FROM )", DOCKERFILE, flags=re.MULTILINE)[1:]
    lines = stages[stage].replace("\\\n", " ").splitlines()
    split = (line.partition(" ") for line in lines if line and not line.startswith("#"))
    return [(word, rest) for word, _, rest in split]


def instructions_environment() -> dict[str, str]:
    words = [word for name, rest in instructions(-1) if name == "ENV" for word in shlex.split(rest)]
    pairs = dict(word.split("=", 1) for word in words)
    return {name: value for name, value in pairs.items() if name.startswith("RASAD_")}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_says_only_what_the_specification_knows(name: str) -> None:
    assert SERVICES[name].keys() <= KEYS
    assert COMPOSE.keys() <= {"name", "services", "secrets", "volumes", "x-rasad"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned_by_version(name: str) -> None:
    assert PINNED.fullmatch(SERVICES[name]["image"])


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_no_rights_and_a_read_only_root(name: str) -> None:
    service = SERVICES[name]
    assert service["image"] == f"rasad:{__version__}"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "/tmp" in service["tmpfs"]  # noqa: S108 - a path inside the container
    assert "data:/data" in service["volumes"], "what a read-only root must still write"
    assert "user" not in service, "the image names a user without rights"


@pytest.mark.parametrize("name", OURS)
def test_our_services_run_a_command_that_exists(name: str) -> None:
    command = SERVICES[name]["command"]
    assert command[0] in COMMANDS
    known = cli.get_command(click.Context(cli), command[0])
    assert known is not None
    known.make_context(command[0], command[1:])


@pytest.mark.parametrize("name", OURS)
def test_our_services_have_settings_that_exist(name: str, tmp_path: Path) -> None:
    settings = settings_of(name, tmp_path)
    assert not settings.is_sqlite
    assert settings.data_folder == Path("/data")
    assert settings.smtp.host in SERVICES


def test_the_pages_are_offered_to_this_machine_only(tmp_path: Path) -> None:
    web = settings_of("web", tmp_path).web
    assert SERVICES["web"]["ports"] == [f"127.0.0.1:{web.port}:{web.port}"]
    assert f"EXPOSE {web.port}" in DOCKERFILE
    for name, service in SERVICES.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
    assert f":{web.port}/readyz" in " ".join(SERVICES["web"]["healthcheck"]["test"])


def test_the_check_of_health_is_python_that_can_be_read() -> None:
    kind, program, option, code = SERVICES["web"]["healthcheck"]["test"]
    assert (kind, program, option) == ("CMD", "python", "-c")
    compile(code, "healthcheck", "exec")


def test_the_mails_go_where_the_sink_listens(tmp_path: Path) -> None:
    mail, smtp = SERVICES["mail"], settings_of("web", tmp_path).smtp
    assert mail["environment"]["MP_SMTP_BIND_ADDR"].endswith(f":{smtp.port}")
    inside = mail["ports"][0].rpartition(":")[2]
    assert mail["environment"]["MP_UI_BIND_ADDR"].endswith(f":{inside}")
    assert inside != str(smtp.port)


def test_workers_can_be_many_each_with_an_id_of_its_own() -> None:
    worker = SERVICES["worker"]
    assert worker["environment"]["RASAD_WORKER__ID_FILE"] == "/etc/hostname"
    assert "ports" not in worker
    assert "container_name" not in worker
    assert SERVICES["web"]["environment"]["RASAD_WORKER__ID"]


def test_all_share_the_folder_in_which_the_key_of_links_lies() -> None:
    for name in ("web", "worker"):
        assert SERVICES[name]["volumes"] == ["data:/data"]
        assert not any(path.startswith("/data") for path in SERVICES[name]["tmpfs"])


def test_each_starts_only_after_what_it_needs() -> None:
    waits = {
        name: {on: what["condition"] for on, what in service.get("depends_on", {}).items()}
        for name, service in SERVICES.items()
    }
    assert waits == {
        "postgres": {},
        "migrate": {"postgres": "service_healthy"},
        "web": {"migrate": "service_completed_successfully"},
        "worker": {"web": "service_healthy"},
        "mail": {},
    }
    for wanted in waits.values():
        for on, condition in wanted.items():
            assert condition in CONDITIONS
            assert condition != "service_healthy" or "healthcheck" in SERVICES[on], on
    assert SERVICES["migrate"]["restart"] == "no", "or it would never be completed"


def test_a_container_may_drain_before_it_is_killed() -> None:
    for name in OURS:
        seconds = int(SERVICES[name]["stop_grace_period"].removesuffix("s"))
        assert timedelta(seconds=seconds) > timedelta(seconds=25 + 10)


def test_secrets_are_files_outside_the_images_and_out_of_git() -> None:
    for secret in COMPOSE["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    assert "secrets" in (ROOT / ".dockerignore").read_text("utf-8").split()
    assert "/secrets/" in (ROOT / ".gitignore").read_text("utf-8").split()
    for name, service in SERVICES.items():
        assert set(service.get("secrets", [])) <= COMPOSE["secrets"].keys(), name
        _assert_no_secret_in(service.get("environment", {}))


def _assert_no_secret_in(environment: Mapping[str, str]) -> None:
    for key, value in environment.items():
        if "PASSWORD" in key or "DATABASE_URL" in key:
            assert key.endswith("_FILE"), key
            assert value.startswith("/run/secrets/"), key
            assert Path(value).name in COMPOSE["secrets"], key


def test_every_volume_that_is_used_is_declared() -> None:
    used = {
        volume.partition(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }
    assert used == COMPOSE["volumes"].keys()


def test_the_image_is_built_in_one_stage_and_run_in_another_without_rights() -> None:
    built, run = instructions(0), instructions(1)
    assert len(re.findall(r"^FROM ", DOCKERFILE, re.MULTILINE)) == 2
    assert built[0][1].endswith(" AS build")
    assert PINNED.fullmatch(built[0][1].partition(" ")[0])
    assert run[0][1] == built[0][1].partition(" ")[0], "the interpreter is the one built for"
    words = [word for word, _ in run]
    assert words.index("USER") < words.index("ENTRYPOINT")
    (user,) = [rest for word, rest in run if word == "USER"]
    assert user not in {"root", "0"}
    assert f"useradd --system --uid 10001 --home-dir /data {user}" in DOCKERFILE
    assert not any("pip" in rest for word, rest in run if word == "RUN")


def test_the_image_holds_every_package_and_only_what_is_locked() -> None:
    copied = {rest.split()[0] for word, rest in instructions(0) if word == "COPY"}
    assert {"persian", "crawler", "storage", "alerts", "service"} <= copied
    for name in copied - {"requirements.txt"}:
        assert (ROOT / name).exists(), name
    installs = [rest for word, rest in instructions(0) if word == "RUN" and "pip install" in rest]
    assert all("--require-hashes" in one or "--no-deps" in one for one in installs)


def test_the_image_starts_the_daemon() -> None:
    run = dict(instructions(1))
    assert run["ENTRYPOINT"] == '["rasad"]'
    (command,) = yaml.safe_load(run["CMD"])
    assert command in COMMANDS
    assert run["VOLUME"] == instructions_environment()["RASAD_DATA_FOLDER"]


def test_the_guide_says_that_no_engine_ran_it() -> None:
    guide = (ROOT / "docs" / "operate.md").read_text("utf-8")
    assert "No container engine was at hand" in guide
    for line in re.findall(r"docker compose .*", guide):
        words = shlex.split(line)
        if "run" in words:
            assert words[words.index("--rm") + 1] in SERVICES
        assert all(
            word.partition("=")[0] in SERVICES
            for before, word in pairwise(words)
            if before == "--scale"
        )
