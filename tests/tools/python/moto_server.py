"""Runs moto's AWS on a free port of 127.0.0.1 until standard input ends. Its KMS is authenticated.

Prints `port N` once it listens.
"""

import os

from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(f"port {server.get_host_and_port()[1]}", flush=True)
while os.read(0, 4096):
    pass
os._exit(0)
