"""The command line as scripts use it: provisioning, and roles as processes."""

import asyncio
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from clientela.identity.authenticate import api_key_principal
from clientela.platform.db import Database
from clientela.platform.embedded import Services
from clientela.tenants import Permission
from fakes.meta.testing import Simulator
from tests.conftest import TEST_SECRET


class Cli:
    """Runs `python -m clientela …` on this session's servers."""

    def __init__(self, services: Services, data_dir: Path) -> None:
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("CLIENTELA_")},
            "CLIENTELA_DATABASE_URL": services.database_url,
            "CLIENTELA_NATS_URL": services.nats_url,
            "CLIENTELA_DATA_DIR": str(data_dir),
            "CLIENTELA_SECRET_KEY": TEST_SECRET,
        }

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "clientela",
            *arguments,
            env=self.environment,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def __call__(self, *arguments: str, typed: str = "") -> tuple[int, str, str]:
        """(exit code, stdout, stderr)"""
        process = await self.start(*arguments)
        out, err = await asyncio.wait_for(process.communicate(typed.encode()), 60)
        return process.returncode or 0, out.decode(), err.decode()

    async def account(self, email: str, password: str, name: str = "Loja Aurora") -> dict[str, Any]:
        code, out, err = await self(
            "account", "create", "--name", name, "--owner-email", email, "--owner-password", password, "--json"
        )
        assert code == 0, err
        answer: dict[str, Any] = json.loads(out)
        return answer

    async def number(self, account: str, phone_number_id: str) -> tuple[int, str, str]:
        arguments = ["number", "connect", "--account", account, "--waba-id", "102290129340398"]
        arguments += ["--phone-number-id", phone_number_id, "--display-phone", "+55 11 5550-0100"]
        return await self(*arguments, "--access-token", "a-token-of-meta", "--json")


@pytest.fixture
def cli(services: Services, migrated: str, tmp_path: Path) -> Cli:
    assert migrated == services.database_url
    return Cli(services, tmp_path)


def _email() -> str:
    return f"owner.{uuid4().hex}@example.com"


async def test_help_names_every_command_and_is_quick_to_say_what_is_wrong(cli: Cli) -> None:
    (code, out, _), (wrong, _, complaint) = await asyncio.gather(cli("--help"), cli("run", "nothing"))
    assert code == 0
    assert all(command in out for command in ("up", "run", "migrate", "account", "number"))
    assert wrong == 2
    assert "worker" in complaint


async def test_an_account_is_created_with_a_key_that_may_do_everything(cli: Cli, db: Database) -> None:
    created = await cli.account(_email(), "a good password")
    assert set(created) == {"account_id", "user_id", "api_key"}
    principal = await api_key_principal(db, created["api_key"])
    assert principal is not None
    assert principal.tenant_id == UUID(created["account_id"])
    assert principal.permissions == frozenset(Permission)


async def test_a_known_person_owns_a_second_account_only_with_their_password(cli: Cli) -> None:
    email = _email()
    first = await cli.account(email, "a good password")
    second = await cli.account(email.upper(), "a good password", "Loja Boreal")
    assert second["user_id"] == first["user_id"]
    assert second["account_id"] != first["account_id"]
    arguments = ["account", "create", "--name", "Loja", "--owner-email", email, "--json"]
    code, out, err = await cli(*arguments, typed="another password\n")
    assert (code, out) == (1, "")
    assert "password" in err
    assert "Traceback" not in err


async def test_a_number_belongs_to_one_account(cli: Cli) -> None:
    first, second = await asyncio.gather(
        cli.account(_email(), "a good password"), cli.account(_email(), "a good password")
    )
    phone_number_id = str(uuid4().int)[:15]
    code, out, err = await cli.number(first["account_id"], phone_number_id)
    assert code == 0, err
    assert UUID(json.loads(out)["number_id"])
    assert "a-token-of-meta" not in out + err
    (taken, _, why), (absent, _, who) = await asyncio.gather(
        cli.number(second["account_id"], phone_number_id), cli.number(str(uuid4()), phone_number_id)
    )
    assert (taken, absent) == (1, 1)
    assert "connected already" in why
    assert "no account" in who
    assert "Traceback" not in why + who


async def test_a_number_is_checked_and_what_it_lacks_is_said_in_sentences(cli: Cli) -> None:
    async with Simulator() as meta:
        await meta.set_callback("http://127.0.0.1:8000/webhooks/whatsapp", verify=False)
        cli.environment |= {
            "CLIENTELA_GRAPH_URL": meta.base_url,
            "CLIENTELA_META_APP_SECRET": meta.app_secret,
        }
        arguments = ["number", "check", "--waba-id", meta.waba_id, "--phone-number-id", meta.phone_number_id]
        (code, out, err), (bad, told, _), (program, answer, _) = await asyncio.gather(
            cli(*arguments, typed=f"{meta.access_token}\n"),
            cli(*arguments, typed="EAAwrong\n"),
            cli(*arguments, "--json", typed=f"{meta.access_token}\n"),
        )
        assert (code, bad, program) == (0, 1, 0), err
        assert "The token is valid and never ends." in out
        assert "Ready to be connected." in out
        assert "Meta does not accept this token" in told
        assert json.loads(answer)["ready"] is True
        assert meta.access_token not in out + answer


async def test_a_number_is_registered_with_its_pin_and_a_wrong_one_is_told(cli: Cli) -> None:
    async with Simulator() as meta:
        cli.environment |= {"CLIENTELA_GRAPH_URL": meta.base_url}
        number = await meta.number("+55 11 98555-0199", status="PENDING")
        await meta.control("PATCH", f"numbers/{number}", {"code_verification_status": "VERIFIED"})
        body = {"messaging_product": "whatsapp", "pin": "246810"}
        await meta.graph("POST", f"{number}/register", body)
        await meta.control("PATCH", f"numbers/{number}", {"status": "DISCONNECTED"})
        created = await cli.account(_email(), "a good password")
        arguments = ["number", "connect", "--account", created["account_id"], "--waba-id", meta.waba_id]
        arguments += ["--phone-number-id", number, "--display-phone", "+55 11 98555-0199"]
        arguments += ["--access-token", meta.access_token, "--json"]
        wrong, _, why = await cli(*arguments, "--pin", "111111")
        assert (wrong, "PIN" in why) == (1, True)
        right, out, err = await cli(*arguments, "--pin", "246810")
        assert right == 0, err
        assert json.loads(out)["status"] == "connected"
        node = (await meta.graph("GET", number, fields="status")).json()
        assert node["status"] == "CONNECTED"


async def test_a_server_that_is_away_is_said_in_a_sentence(cli: Cli) -> None:
    cli.environment["CLIENTELA_DATABASE_URL"] = "postgresql://postgres:hidden@127.0.0.1:9/clientela"
    code, _, err = await cli("migrate")
    assert code == 1
    assert "Traceback" not in err
    assert "hidden" not in err


async def test_roles_run_as_one_process_and_stop_when_told(cli: Cli) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await cli.start("run", "ingest", "web", "--port", str(port))
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        for _ in range(300):
            try:
                answer = await client.get("/readyz")
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code == 200:
                break
        assert answer.status_code == 200
        assert (await client.get("/v1/session")).status_code == 401
        assert (await client.post("/webhooks/whatsapp", content=b"{}")).status_code == 401
    process.send_signal(signal.SIGTERM)
    _, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, err.decode()
    assert "Traceback" not in err.decode()
