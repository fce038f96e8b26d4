#!/bin/bash
# Linux: while a thread of a Python process executes another program (os.execv), /proc says that the process is a zombie.
#
# execve(2) ends all other threads first. If it is not the first thread that executes, that one becomes a zombie, and the executing
# thread takes its pid over afterwards (de_thread in the kernel's fs/exec.c). What reads the state alone takes a process that is about
# to start its new program for one that has ended: psutil's status() is STATUS_ZOMBIE. The field num_threads of the same line of
# /proc/PID/stat tells the two apart: it is 1 for the process that has ended.
#
# Seen with Linux 6.18 and psutil 7.1.0: in 5 of 10 processes that were looked at all the time. Ends with 1 if it is seen in none.
set -eu
folder=$(mktemp -d) && trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" -q --disable-pip-version-check install psutil==7.1.0
cat >"$folder/program.py" <<'PYTHON'
import os
import threading


def execute():
    os.execv("/bin/sleep", ["sleep", "0.3"])


def work():
    while True:
        sum(range(1000))


for _ in range(5):
    threading.Thread(target=work, daemon=True).start()
threading.Timer(0.1, execute).start()
work()
PYTHON
cat >"$folder/look.py" <<'PYTHON'
import platform
import subprocess
import sys

import psutil


def fields(pid):
    line = open(f"/proc/{pid}/stat").read()
    words = line[line.rindex(")") + 2 :].split()
    return words[0], int(words[17])


seen, hidden = 0, 0
for _ in range(10):
    child = subprocess.Popen([sys.executable, sys.argv[1]])
    process = psutil.Process(child.pid)
    alive = refused = False
    while True:
        state, threads = fields(child.pid)
        if state == "Z" and threads == 1:
            break
        alive |= state == "Z"
        if process.status() == psutil.STATUS_ZOMBIE and fields(child.pid)[1] > 1:
            refused = True
    if child.wait() != 0:
        sys.exit("the program that was executed did not end as it should")
    seen += alive
    hidden += refused
print("Linux", platform.release().split("-")[0], "psutil", psutil.__version__)
print("state Z and more than one thread, then a new program:", seen, "of 10; psutil calls it a zombie:", hidden, "of 10")
sys.exit(not (seen and hidden))
PYTHON
"$folder/venv/bin/python" "$folder/look.py" "$folder/program.py"
