"""Runs a function under AWS's Runtime Interface Emulator until standard input ends.

Usage: rie_server.py EMULATOR BOOTSTRAP
Prints `port N` once it listens; what the function logs goes to standard error.
"""

import os
import socket
import subprocess
import sys
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def main():
    emulator, bootstrap = sys.argv[1:]
    port, api = free_port(), free_port()
    child = subprocess.Popen(
        [
            emulator,
            "--runtime-interface-emulator-address", f"127.0.0.1:{port}",
            "--runtime-api-address", f"127.0.0.1:{api}",
            bootstrap,
        ],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    try:
        while child.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                print(f"port {port}", flush=True)
                break
            except OSError:
                time.sleep(0.02)
        while os.read(0, 4096):
            pass
    finally:
        child.kill()
        child.wait()


main()
