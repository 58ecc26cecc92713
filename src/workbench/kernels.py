"""Kernels that are ready at once, for papermill and JupyterLab.

JupyterLab uses them with `JUPYTER_DEFAULT_PROVISIONER_NAME=workbench-warm`; as a server extension this room starts the
warm process with JupyterLab, so that the first notebook is ready at once, too.
"""

import asyncio
import os
from contextlib import suppress
from importlib.metadata import EntryPoint
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from jupyter_client.utils import ensure_async
from traitlets import Instance

from workbench.forking import SETTINGS, START_LIMIT, warm

NAME = "workbench-warm"


class WarmProvisioner(LocalProvisioner):
    """Forks Python kernels of this environment from `origin`; starts any other kernel as Jupyter does."""

    origin = Instance(object, allow_none=True, help="a Branch; by default the warm process")

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        environment = {**kwargs["env"], **SETTINGS}
        if warm.serves(cmd, environment):
            cwd = str(kwargs.get("cwd") or os.getcwd())
            origin: Any = self.origin or warm
            # in a thread: the first kernel waits for the imports, which JupyterLab's event loop must not
            process = await asyncio.to_thread(origin.fork, cmd[3:], environment, cwd)
            if process.pid:
                self.process, self.pid, self.pgid = process, process.pid, process.pid
                self.cwd = cwd
                return self.connection_info
        return await super().launch_kernel(cmd, **{**kwargs, "env": environment})

    async def wait(self) -> int | None:
        while await self.poll() is None:
            await asyncio.sleep(0.01)  # LocalProvisioner looks ten times less often
        return await super().wait()


def register() -> None:
    """Let Jupyter find the provisioner also where the package is on the path but not installed."""
    found = EntryPoint(NAME, "workbench.kernels:WarmProvisioner", KernelProvisionerFactory.GROUP_NAME)
    KernelProvisionerFactory.instance().provisioners.setdefault(NAME, found)


class QuickClient(AsyncKernelClient):
    """Ready when the kernel has answered one question on both channels; its parent class waits 0.2 s more each time."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        end = loop.time() + (timeout or START_LIMIT)
        while loop.time() < end:
            question, again = self.kernel_info(), loop.time() + 1
            reply: dict[str, Any] = {}
            while loop.time() < again:
                channel = self.iopub_channel if reply else self.shell_channel
                with suppress(Empty):
                    message = await ensure_async(channel.get_msg(timeout=0.2))
                    if message["parent_header"].get("msg_id") != question:
                        continue
                    if message["content"].get("execution_state") == "idle":
                        self._handle_kernel_info_reply(reply)
                        return
                    reply = reply or message
            if self.parent is not None and not await ensure_async(self.parent.is_alive()):
                raise RuntimeError("the kernel died while it started")
        raise RuntimeError("the kernel did not start in time")

    wait_for_ready = _async_wait_for_ready


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "workbench.kernels"}]


def _load_jupyter_server_extension(_: object) -> None:
    warm.start()
