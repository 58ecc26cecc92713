"""Kernels forked from a warm process: clean, interruptible, and gone when their owner is."""

import asyncio
import atexit
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbformat import v4

from workbench.reports import warm_process
from workbench.reports.kernels import NAME, NotebookError, QuickClient, WarmProvisioner, execute

pytestmark = pytest.mark.skipif(not warm_process.CAN_FORK, reason="this platform starts plain kernels")


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Runs steps, async functions of (manager, client), each in a kernel of its own; gives what they return."""
    monkeypatch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", NAME)

    async def in_a_kernel(step):
        manager = AsyncKernelManager(kernel_name="python3", transport="ipc", connection_file=str(tmp_path / "k.json"))
        manager.client_factory = QuickClient
        await manager.start_kernel(cwd=str(tmp_path))
        assert isinstance(manager.provisioner, WarmProvisioner)
        client = manager.client()
        client.start_channels()
        try:
            await client.wait_for_ready(60)
            return await step(manager, client)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(now=True)

    return lambda *steps: [asyncio.run(in_a_kernel(step)) for step in steps]


def evaluating(source):
    """A step: what `source` prints."""

    async def step(manager, client):
        said = []
        await client.execute_interactive(source, timeout=30, output_hook=said.append)
        return "".join(message["content"].get("text", message["content"].get("ename", "")) for message in said)

    return step


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_a_kernel_has_everything_imported_but_nothing_of_another_kernel(run):
    first, second = run(
        evaluating("import sys; x = 1; sys.stray = 1; print('spacy' in sys.modules, __name__)"),
        evaluating("import sys; print('x' in globals(), hasattr(sys, 'stray'))"),
    )
    assert first == "True __main__\n"
    assert second == "False False\n"


def test_random_numbers_are_fresh_in_each_kernel(run):
    source = "import random, numpy; print(random.random(), numpy.random.rand())"
    first, second = run(evaluating(source), evaluating(source))
    assert not set(first.split()) & set(second.split())


def test_a_kernel_works_in_its_folder_and_shows_tables_as_usual(run, tmp_path):
    folder, columns = run(
        evaluating("import os; print(os.getcwd())"),
        evaluating("import pandas; print(pandas.get_option('display.max_columns'))"),
    )
    assert folder.strip() == str(tmp_path)
    assert columns == "20\n"


def test_a_kernel_s_sockets_are_its_user_s_and_none_is_open_to_other_machines(run):
    source = """import os
paths = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
own = {os.readlink(path) for path in paths if os.path.exists(path)}
lines = [line.split() for kind in ("tcp", "tcp6", "udp", "udp6") for line in open(f"/proc/net/{kind}")]
listening = {line[1][:8] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in own}
print(listening - {"0100007F"}, any(name.startswith("socket:") for name in own))"""
    assert run(evaluating(source)) == ["set() True\n"]
    assert os.stat(warm_process.warm.temporary).st_mode & 0o077 == 0


def test_a_kernel_can_be_interrupted_and_goes_on(run):
    async def step(manager, client):
        client.execute("import time; time.sleep(30)", stop_on_error=False)  # else what is asked at once is not run
        await asyncio.sleep(0.5)
        await manager.interrupt_kernel()
        reply = await client.get_shell_msg(timeout=20)
        return reply["content"]["ename"], await evaluating("print('here')")(manager, client)

    assert run(step) == [("KeyboardInterrupt", "here\n")]


def test_a_killed_kernel_is_noticed_with_its_signal(run):
    async def step(manager, client):
        client.execute("import os; os.kill(os.getpid(), 9)")
        while await manager.is_alive():
            await asyncio.sleep(0.02)
        return await manager.provisioner.poll()

    assert run(step) == [-signal.SIGKILL]


def test_a_warm_process_that_died_is_replaced(run):
    first = run(evaluating("print(1)"))
    before = warm_process.warm.popen
    os.kill(before.pid, signal.SIGKILL)
    before.wait()
    assert [*first, *run(evaluating("print(2)"))] == ["1\n", "2\n"]
    assert warm_process.warm.popen.pid != before.pid


def test_kernels_end_with_the_warm_process(run):
    async def step(manager, client):
        pid = manager.provisioner.pid
        os.kill(warm_process.warm.popen.pid, signal.SIGKILL)
        return wait_until(lambda: not alive(pid))

    assert run(step) == [True]


def test_a_kernel_in_another_environment_is_started_on_its_own(monkeypatch):
    warm_process.warm.start()
    command = [sys.executable, "-m", "ipykernel_launcher", "-f", "k.json"]
    here = {**os.environ, **warm_process.SETTINGS}
    assert warm_process.warm.serves(command, here)
    assert not warm_process.warm.serves(command, {**here, "WORKBENCH_MODEL": "another"})
    assert not warm_process.warm.serves(["/usr/bin/R", "--slave"], here)
    monkeypatch.setattr(warm_process, "CAN_FORK", False)
    assert not warm_process.warm.serves(command, here)


def test_the_warm_process_has_one_thread_so_that_forking_it_is_safe(run):
    run(evaluating("1"))
    assert len(list(Path(f"/proc/{warm_process.warm.popen.pid}/task").iterdir())) == 1


def test_a_branch_calls_its_function_once_and_says_what_went_wrong():
    branch = warm_process.warm.branch("os:listdir", "/nowhere")
    assert branch.wait(60).startswith("FileNotFoundError")
    branch.close()
    branch = warm_process.warm.branch("time:sleep")
    assert branch.wait(60).startswith("TypeError")
    branch.close()


def test_a_branch_that_hangs_or_dies_is_given_up():
    hanging, dying = warm_process.warm.branch("builtins:input"), warm_process.warm.branch("os:abort")
    assert dying.wait(60) == "its process died; memory may have run out"
    dying.close()
    assert hanging.wait(60).startswith("EOFError")
    hanging.close()


OWNER = """
import sys, time
from workbench.reports.warm_process import warm
branch = warm.branch("os:getpid")
branch.wait(60)
print(warm.popen.pid, branch.process.pid, flush=True)
time.sleep(60)
"""


@pytest.mark.slow
def test_nothing_is_left_when_the_owner_is_killed():
    owner = subprocess.Popen([sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True)
    pids = [int(pid) for pid in owner.stdout.readline().split()]
    assert all(alive(pid) for pid in pids)
    owner.kill()
    owner.wait()
    assert wait_until(lambda: not any(alive(pid) for pid in pids))


def test_a_kernel_that_dies_as_it_starts_leaves_nothing_to_do_at_the_end(monkeypatch, tmp_path):
    waiting = []
    monkeypatch.setattr(atexit, "register", lambda call, *_, **__: waiting.append(call) or call)
    monkeypatch.setattr(atexit, "unregister", lambda call: waiting.remove(call) if call in waiting else None)

    async def dies(*_, **__):
        raise RuntimeError("Kernel died before replying to kernel_info")

    monkeypatch.setattr(QuickClient, "wait_for_ready", dies)
    book = v4.new_notebook(cells=[v4.new_code_cell("1")])
    with pytest.raises(NotebookError, match="died"):
        execute(book, {}, tmp_path, 60)
    assert [call for call in waiting if "nbclient" in str(call)] == []
