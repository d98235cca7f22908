"""Runs a Docker daemon of our own until standard input ends, with the base image that SAM CLI builds
its emulator into, made of this machine's own files: nothing is pulled.

Usage: docker_server.py FOLDER
Listens on FOLDER/docker.sock, writes the address under which containers reach this machine into
FOLDER/host, and prints `port 0` (it has none) once it answers. Needs root, dockerd
(Debian: docker.io) and busybox-static; where it cannot run it prints why, and ends.
"""

import ctypes
import fcntl
import io
import os
import platform
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import time

ARCHITECTURES = {"x86_64": "x86_64", "aarch64": "arm64"}
# What the functions are linked with, and what looks names up.
LIBRARIES = (
    "ld-linux-x86-64 ld-linux-aarch64 libc libdl libgcc_s libm libpthread librt libutil"
    " libresolv libnss_dns libnss_files"
)
SEVERAL = b"multi on\n"
AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
PR_SET_PDEATHSIG = 1
# netdevice(7)
SIOCGIFADDR = 0x8915


def give_up(why):
    print(why, flush=True)
    sys.exit(1)


def die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def needed():
    missing = [name for name in ("docker", "dockerd", "busybox") if not shutil.which(name)]
    if os.geteuid() != 0:
        give_up("it needs root")
    if missing:
        give_up(f"it needs {', '.join(missing)} (Debian: docker.io, busybox-static)")
    if platform.machine() not in ARCHITECTURES:
        give_up(f"Lambda knows no {platform.machine()}")


def start(folder):
    daemon = subprocess.Popen(
        [
            "dockerd", "--storage-driver=vfs",
            f"--data-root={folder}/data", f"--exec-root={folder}/exec",
            f"--pidfile={folder}/pid", f"--host=unix://{folder}/docker.sock",
        ],
        stdin=subprocess.DEVNULL,
        stdout=open(f"{folder}/dockerd.log", "w"),
        stderr=subprocess.STDOUT,
        preexec_fn=die_with_parent,
    )
    for _ in range(300):
        answer = subprocess.run(["docker", "version"], capture_output=True, check=False)
        if answer.returncode == 0:
            return daemon
        if daemon.poll() is not None:
            break
        time.sleep(0.1)
    daemon.terminate()
    with open(f"{folder}/dockerd.log") as log:
        lines = log.readlines()
    give_up(f"dockerd does not run here: {lines[-1].strip() if lines else 'it says nothing'}")


def address_of(interface):
    """The kernel's word for it: Docker names no gateway of a bridge that it has just made."""
    request = struct.pack("256s", interface.encode())
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        return socket.inet_ntoa(fcntl.ioctl(asking, SIOCGIFADDR, request)[20:24])


def libraries():
    """The paths of LIBRARIES as the linker knows them."""
    known = subprocess.run(["ldconfig", "-p"], capture_output=True, text=True, check=True)
    wanted = set(LIBRARIES.split())
    for line in known.stdout.splitlines():
        name, _, path = line.strip().partition(" => ")
        kind = "x86-64" if platform.machine() == "x86_64" else "AArch64"
        if name.split(".so")[0] in wanted and (kind in name or name.startswith("ld-")):
            yield path


def base_image():
    """A root with a shell, chmod and the C library, as a tar."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", dereference=True) as tar:
        for folder in ("bin", "etc", "lib", "lib64", "tmp", "var", "var/task", "var/rapid"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o1777 if folder == "tmp" else 0o755
            tar.addfile(entry)
        for name in ("busybox", "sh", "chmod"):
            tar.add(shutil.which("busybox"), f"bin/{name}")
        for path in libraries():
            tar.add(path, f"lib/{os.path.basename(path)}")
        # The path that a program names as its loader.
        for loader in ("lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"):
            if os.path.exists(f"/{loader}"):
                tar.add(f"/{loader}", loader)
        # A name may have several addresses in /etc/hosts: `localhost` is then the host's, too, for
        # a container that is told so.
        several = tarfile.TarInfo("etc/host.conf")
        several.size = len(SEVERAL)
        tar.addfile(several, io.BytesIO(SEVERAL))
        if os.path.exists(AUTHORITIES):
            tar.add(AUTHORITIES, AUTHORITIES[1:])
    return out.getvalue()


def main():
    folder = sys.argv[1]
    needed()
    os.environ["DOCKER_HOST"] = f"unix://{folder}/docker.sock"
    daemon = start(folder)
    try:
        image = f"public.ecr.aws/lambda/provided:al2023-{ARCHITECTURES[platform.machine()]}"
        subprocess.run(
            ["docker", "import", "--change", "ENV LD_LIBRARY_PATH=/lib", "-", image],
            input=base_image(), stdout=subprocess.DEVNULL, check=True,
        )
        with open(f"{folder}/host", "w") as host:
            host.write(address_of("docker0"))
        print("port 0", flush=True)
        while os.read(0, 4096):
            pass
    finally:
        daemon.terminate()
        daemon.wait()
        # Layers of the storage driver are folders of root's, some without rights.
        for name in ("data", "exec"):
            shutil.rmtree(f"{folder}/{name}", ignore_errors=True)


main()
