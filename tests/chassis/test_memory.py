"""What a process keeps of the memory that it no longer uses."""

import subprocess
import sys

_MANY_THREADS = """
import ctypes
from threading import Barrier, Thread
from chassis.memory import return_large_blocks

libc, together = ctypes.CDLL(None), Barrier(12)
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

def use() -> None:
    for _ in range(2):
        block = libc.malloc(19_000_000)
        ctypes.memset(block, 1, 19_000_000)
        together.wait()
        libc.free(block)
    together.wait()
    if together.wait() == 0:
        print(int(open("/proc/self/statm").read().split()[1]) * 4096)
    together.wait()

return_large_blocks()
threads = [Thread(target=use) for _ in range(12)]
for thread in threads: thread.start()
for thread in threads: thread.join()
"""


def test_large_blocks_are_given_back() -> None:
    """Twelve threads that each used 19 MB, again and again, leave no trace of it in the process."""
    ran = subprocess.run([sys.executable, "-c", _MANY_THREADS], capture_output=True, text=True, check=True, timeout=60)
    assert int(ran.stdout) < 60_000_000
