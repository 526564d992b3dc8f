"""The embedded servers start on whatever they find, survive being killed, and leave nothing behind."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import asyncpg
import nats
import psutil
import pytest

from clientela.platform.embedded import EmbeddedServerError, binaries, embedded_services, reach_services
from clientela.platform.embedded.folders import prepare
from clientela.platform.embedded.nats import answers
from clientela.platform.embedded.postgres import EmbeddedPostgres

from .conftest import servers_in

HOLDER = """
import asyncio, sys
from pathlib import Path
from clientela.platform.embedded import embedded_services

async def main():
    async with embedded_services(Path(sys.argv[1])) as services:
        print(services.database_url, flush=True)
        await asyncio.sleep(600)

asyncio.run(main())
"""


async def execute(url: str, statement: str) -> object:
    connection = await asyncpg.connect(url, timeout=5)
    try:
        return await connection.fetchval(statement)
    finally:
        await connection.close()


async def patiently(url: str, statement: str) -> object:
    """Executes as a client that reconnects would."""
    async with asyncio.timeout(20):
        while True:
            try:
                return await execute(url, statement)
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                await asyncio.sleep(0.05)


def until_gone(processes: list[psutil.Process], within_s: float = 10) -> list[psutil.Process]:
    return psutil.wait_procs(processes, timeout=within_s)[1]


async def test_first_start_in_a_closed_empty_folder_serves_and_leaves_nothing_running(empty_dir: Path) -> None:
    async with embedded_services(empty_dir) as services:
        assert await execute(services.database_url, "select current_setting('server_encoding')") == "UTF8"
        assert await execute(services.database_url, "select current_setting('data_checksums')") == "on"
        assert await execute(services.database_url, "select lower('ÁÇÃO') = 'áção'") is True
        client = await nats.connect(services.nats_url, allow_reconnect=False)
        await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
        await client.close()
    assert servers_in(empty_dir) == []
    assert stat.S_IMODE((empty_dir / "secrets").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (empty_dir / "secrets").iterdir()} == {0o600}


async def test_a_wrong_password_and_none_are_refused(data_dir: Path) -> None:
    async with embedded_services(data_dir) as services:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(services.database_url, password="wrong", timeout=5)
        with pytest.raises(nats.errors.Error):
            await nats.connect(services.nats_url.split("@")[1], allow_reconnect=False, error_cb=_quiet)


async def _quiet(_: Exception) -> None:
    return None


async def test_servers_listen_on_loopback_only_and_as_no_privileged_user(data_dir: Path) -> None:
    async with embedded_services(data_dir):
        servers = servers_in(data_dir)
        listening = {c.laddr.ip for p in servers for c in p.net_connections() if c.status == "LISTEN"}
        assert listening == {"127.0.0.1"}
        assert 0 not in {process.uids().effective for process in servers}


async def test_a_killed_server_comes_back_on_the_same_address_with_its_data(data_dir: Path) -> None:
    async with embedded_services(data_dir) as services:
        await execute(services.database_url, "create table kept as select 42 as answer")
        client = await nats.connect(services.nats_url, allow_reconnect=False)
        await client.jetstream().add_stream(name="KEPT", subjects=["kept"])
        await client.jetstream().publish("kept", b"x")
        await client.close()
        for server in services.servers:
            assert server.process
            os.kill(server.process.pid, signal.SIGKILL)
        assert await patiently(services.database_url, "select answer from kept") == 42
        async with asyncio.timeout(20):
            while not await answers(services.nats_url):
                await asyncio.sleep(0.05)
        client = await nats.connect(services.nats_url, allow_reconnect=False)
        assert (await client.jetstream().stream_info("KEPT")).state.messages == 1
        await client.close()


async def test_servers_die_with_a_killed_product_and_start_again_on_its_data(data_dir: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(data_dir)], stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdout
        url = await asyncio.to_thread(holder.stdout.readline)
        await execute(url.strip(), "create table kept as select 42 as answer")
        servers = [process for process in servers_in(data_dir) if process.pid != holder.pid]
        assert len(servers) >= 2
        holder.kill()
    if sys.platform == "linux":
        assert until_gone(servers) == []
    started = time.monotonic()
    async with embedded_services(data_dir) as services:
        assert time.monotonic() - started < 8
        assert await execute(services.database_url, "select answer from kept") == 42


async def test_a_server_that_outlived_its_product_is_stopped_first(data_dir: Path) -> None:
    orphan = EmbeddedPostgres(prepare(data_dir))
    await orphan.start()
    assert orphan.process
    await execute(orphan.url, "create table kept as select 42 as answer")
    async with embedded_services(data_dir) as services:
        assert not orphan.process.alive
        assert await execute(services.database_url, "select answer from kept") == 42
    await orphan.stop()


async def test_a_stale_pid_file_whose_pid_is_now_another_program_does_not_hinder(data_dir: Path) -> None:
    account = prepare(data_dir).account
    ids = {"user": account.uid, "group": account.gid} if account else {}
    other = subprocess.Popen(["sleep", "60"], **ids)
    try:
        lines = [str(other.pid), str(data_dir / "postgres"), "1", "5432", "", "127.0.0.1", "", "ready"]
        (data_dir / "postgres" / "postmaster.pid").write_text("\n".join(lines) + "\n")
        async with embedded_services(data_dir) as services:
            assert await execute(services.database_url, "select 1") == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


async def test_an_interrupted_first_start_is_taken_up_again(empty_dir: Path) -> None:
    torn = empty_dir / "postgres.new"
    torn.mkdir()
    (torn / "PG_VERSION").write_text("18\n")
    (empty_dir / "run").mkdir()
    empty_dir.chmod(0o711)
    async with embedded_services(empty_dir) as services:
        assert await execute(services.database_url, "select 1") == 1
    assert not torn.exists()


async def test_a_second_product_on_one_folder_is_refused_with_the_first_ones_pid(data_dir: Path) -> None:
    async with embedded_services(data_dir):
        with pytest.raises(EmbeddedServerError, match=rf"already runs .* \(process {os.getpid()}\)"):
            async with embedded_services(data_dir):
                pass


async def test_a_command_uses_the_running_products_servers(data_dir: Path) -> None:
    async with embedded_services(data_dir) as services:
        before = {process.pid for process in servers_in(data_dir) if "postgres" in process.name()}
        async with reach_services(data_dir) as reached:
            assert (reached.database_url, reached.nats_url) == (services.database_url, services.nats_url)
        assert before <= {process.pid for process in servers_in(data_dir)}
    state = data_dir / "run" / "services.json"
    assert not state.exists()


async def test_a_command_without_a_product_brings_its_own_servers_and_stops_them(data_dir: Path) -> None:
    async with reach_services(data_dir) as reached:
        assert await execute(reached.database_url, "select 1") == 1
    assert servers_in(data_dir) == []


async def test_a_product_waits_for_a_command_to_finish(data_dir: Path) -> None:
    async def product() -> object:
        async with embedded_services(data_dir) as services:
            return await execute(services.database_url, "select 1")

    async with reach_services(data_dir):
        waiting = asyncio.create_task(product())
        await asyncio.sleep(0.3)
        assert not waiting.done()
    assert await waiting == 1


async def test_with_external_addresses_nothing_starts_and_no_folder_is_made(empty_dir: Path) -> None:
    data = empty_dir / "data"
    async with embedded_services(data, database_url="postgresql://db/x", nats_url="nats://n") as services:
        assert (services.database_url, services.nats_url, services.servers) == ("postgresql://db/x", "nats://n", [])
        assert not data.exists()


async def test_with_one_external_address_only_the_other_server_starts(data_dir: Path) -> None:
    async with embedded_services(data_dir, database_url="postgresql://db.example/x") as services:
        assert [server.name for server in services.servers] == ["nats"]
        assert services.database_url == "postgresql://db.example/x"


@pytest.mark.parametrize("below", ["data", "deeper/data"])
async def test_an_unreachable_folder_is_named_and_stays_closed(empty_dir: Path, below: str) -> None:
    empty_dir.chmod(0o711)
    closed = empty_dir / "closed"
    (closed / below).parent.mkdir(parents=True)
    mode = 0o700 if os.geteuid() == 0 else 0o000
    closed.chmod(mode)
    try:
        with pytest.raises(EmbeddedServerError, match=rf"{closed}\b.* --data-dir "):
            async with embedded_services(closed / below):
                pass
        assert stat.S_IMODE(closed.stat().st_mode) == mode
    finally:
        closed.chmod(0o700)


async def test_a_closed_folder_with_others_files_is_not_opened_up(empty_dir: Path) -> None:
    if os.geteuid() != 0:
        empty_dir.chmod(0o500)
    else:
        (empty_dir / "letter.txt").write_text("private")
    with pytest.raises(EmbeddedServerError, match=str(empty_dir)):
        async with embedded_services(empty_dir):
            pass
    assert stat.S_IMODE(empty_dir.stat().st_mode) in {0o700, 0o500}


async def test_no_password_is_in_arguments_environments_or_logs(data_dir: Path) -> None:
    async with embedded_services(data_dir) as services:
        await execute(services.database_url, "create table t (a text unique)")
        with pytest.raises(asyncpg.UniqueViolationError):
            await execute(services.database_url, "insert into t values ('private words'), ('private words')")
        seen = [json.dumps([*p.cmdline(), *p.environ().values()]) for p in servers_in(data_dir)]
        passwords = [path.read_text() for path in (data_dir / "secrets").iterdir()]
    logs = [path.read_text() for path in (data_dir / "logs").iterdir()]
    assert len(passwords) == 2
    for secret in [*passwords, "private words"]:
        assert not any(secret in text for text in [*seen, *logs])


async def test_programs_out_of_the_accounts_reach_are_copied_once_and_serve(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_usable", lambda _folders, program: str(data_dir) in str(program))
    async with embedded_services(data_dir) as services:
        assert await execute(services.database_url, "select 1") == 1
        running = {process.exe() for process in servers_in(data_dir) if "python" not in process.name()}
    assert all(program.startswith(str(data_dir / "servers")) for program in running)
    first = sorted((data_dir / "servers").iterdir())
    assert len(first) == 2
    binaries.postgres_programs(prepare(data_dir))
    assert sorted((data_dir / "servers").iterdir()) == first
