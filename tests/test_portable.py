"""What only POSIX has is used where the system is asked for first, or not at all."""

import ast
import os
import signal

import pytest

from tests.house import SOURCES, imports

MODULES = {
    *("crypt", "fcntl", "grp", "nis", "posix", "pty", "pwd", "readline", "resource", "spwd"),
    *("syslog", "termios", "tty"),
}
# What signal and os have on Windows, too, of what is used; whatever else they have may be missing.
SIGNALS = {"SIGINT", "SIGTERM", "SIG_IGN", "SIG_DFL", "signal", "raise_signal", "getsignal"}
POSIX_ONLY = {
    *("chown", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg"),
    *("getpgid", "getpgrp", "getpriority", "getsid", "getuid", "killpg", "lchown", "mkfifo"),
    *("nice", "openpty", "pwrite", "pread", "sched_getaffinity", "setpgid", "setsid", "setuid"),
    *("statvfs", "sysconf", "uname", "wait3", "wait4", "waitid"),
}


def asks_for_posix(test: ast.expr) -> bool:
    return ast.unparse(test) in ("os.name == 'posix'", "os.name != 'nt'")


def only_posix(source: str) -> list[str]:
    """Names that only POSIX has, outside of blocks that ask for it."""
    found = sorted(imports(source) & MODULES)
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and asks_for_posix(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module, name = node.value.id, node.attr
            if (module == "os" and name in POSIX_ONLY) or (
                module == "signal" and name not in SIGNALS
            ):
                found.append(f"{module}.{name}")
        waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_of_posix_alone_is_used(name):
    assert not only_posix(SOURCES[name])


def test_it_would_be_found():
    assert only_posix("import fcntl\nos.fork()\nsignal.SIGKILL") == [
        "fcntl",
        "signal.SIGKILL",
        "os.fork",
    ]
    assert only_posix("if os.name == 'posix':\n    os.killpg(1, signal.SIGKILL)") == []
    assert all(hasattr(os, name) for name in ("fork", "killpg")) and signal.SIGKILL
