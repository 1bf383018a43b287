"""The kernel that lessons run in: this interpreter, and what it is told."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, Any

KERNEL_ENVIRONMENT = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",  # bars are written to stderr
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # else the debugger writes to stderr
    "T4S_PROGRESS": "off",  # what a run of the course passes is nobody's progress
}

_SCRIPT = Path(__file__).with_name("offline.py")
_OFFLINE = (
    "--IPKernelApp.exec_lines="
    f"__import__('runpy').run_path({str(_SCRIPT)!r}, run_name='__main__')"
)


def kernel_manager(words: IO[bytes]) -> type[Any]:
    """A kernel manager that knows one kernel: this interpreter.

    Looking in no folder for a kernel specification leaves ipykernel's own, which
    names ``sys.executable``. Whatever else is called ``python3`` on the machine,
    in ``JUPYTER_PATH`` or in the user's folder, is not seen.

    Args:
        words: Receives what the kernel process itself writes to stderr.
    """
    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from traitlets import default

    class OwnKernel(AsyncKernelManager):
        @default("kernel_spec_manager")  # type: ignore[untyped-decorator]
        def _only_this_interpreter(self) -> KernelSpecManager:
            return KernelSpecManager(parent=self, kernel_dirs=[])

        async def _async_launch_kernel(self, kernel_cmd: list[str], **kw: Any) -> None:
            kw["env"] = {**kw.get("env", os.environ), **KERNEL_ENVIRONMENT}
            command = [*kernel_cmd, _OFFLINE]
            await super()._async_launch_kernel(command, **{**kw, "stderr": words})

    return OwnKernel


def last_words(words: IO[bytes]) -> str:
    """The last line that a kernel itself wrote, to go behind a message."""
    words.seek(0)
    lines = words.read().decode(errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip()]
    own = [line for line in said if not line.startswith("[IPKernelApp]")]
    return f"; its last words: {own[-1]}" if own else ""
