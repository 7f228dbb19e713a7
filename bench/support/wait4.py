"""Runs a command and tells what it used, the processes it waited for included, as JSON on descriptor 3."""

import json
import os
import sys
import time

os.set_inheritable(3, False)
start = time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - start
peak = usage.ru_maxrss if sys.platform == "darwin" else usage.ru_maxrss * 1024
cpu = usage.ru_utime + usage.ru_stime
os.write(3, json.dumps({"cpu": cpu, "memory": peak, "wall": wall}).encode())
sys.exit(os.waitstatus_to_exitcode(status) & 255)
