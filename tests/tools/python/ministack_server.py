"""Runs ministack, a local AWS, on a free port of 127.0.0.1 until standard input ends.

Usage: ministack_server.py STATE_DIR [NAME=VALUE ...]   (extra environment for it and its functions)
Prints `port N` once it listens.
"""

import os
import runpy
import signal
import socket
import sys
import threading
import time


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def announce(port):
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            time.sleep(0.05)
    print(f"port {port}", flush=True)


def stop_with_parent():
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(5)
    os._exit(1)


def main():
    port = free_port()
    os.environ.update(
        # The functions get their endpoint from here.
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
        BIND_HOST="127.0.0.1",
        # An API's host is below it, and URLs know no host that ends in a number.
        MINISTACK_HOST="localhost",
        GATEWAY_PORT=str(port),
        IOT_MTLS_ENABLED="0",
        PERSIST_STATE="0",
        STATE_DIR=sys.argv[1],
        LAMBDA_EXECUTOR="local",
        # Without these, tools look for credentials on the network.
        AWS_ACCESS_KEY_ID="local",
        AWS_SECRET_ACCESS_KEY="local",
        AWS_DEFAULT_REGION="us-east-1",
    )
    os.environ.update(pair.split("=", 1) for pair in sys.argv[2:])
    threading.Thread(target=announce, args=(port,), daemon=True).start()
    threading.Thread(target=stop_with_parent, daemon=True).start()
    sys.argv = ["ministack"]
    runpy.run_module("ministack", run_name="__main__")


main()
