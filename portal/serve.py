"""`make run`: the database made ready, then web server and background worker, started and stopped as one."""

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection, HTTPException

HOST = "127.0.0.1"
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]
GUNICORN = [sys.executable, "-m", "gunicorn", "--config", "portal/gunicorn.py", "wsgi:app"]

STARTED = """
在职党员进社区已启动：http://{host}:{port}   （按 Ctrl-C 停止）

演示账号（密码都是 demo-2026-fengxiang，只在演示数据里有效）：
  县委组织部 county      系统管理 admin         督查员 inspector1     县直机关工委 committee
  县级部门 dept1         城关镇 chengguan       乡镇 town2            园区 park
  单位联络员 unit1       社区 community1、community1b、community2     网格管理员 grid1
  在职党员 member1、member2                     党员兼联络员 dual1
"""


def main() -> int:
    """Serves until Ctrl-C or SIGTERM (exit code 0) or until either process ends by itself (1)."""
    if os.environ.get("FLASK_FACE", "all") != "all":
        print("make run 只用来试用合一的网站（FLASK_FACE=all）；分面部署见《管理员手册》。", file=sys.stderr)
        return 1
    port = int(os.environ.get("PORT", "8000"))
    if not is_free(port):
        print(f"端口 {port} 已被占用，请停止占用它的程序，或换端口：make run PORT=8001", file=sys.stderr)
        return 1
    suit_a_terminal(port)
    for stopping in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stopping, signal.default_int_handler)
    processes: list[subprocess.Popen[bytes]] = []
    try:
        if code := prepare_database():
            return code
        processes.append(start([*GUNICORN, "--bind", f"{HOST}:{port}"]))
        processes.append(start([*FLASK, "worker"]))
        if wait_until_answering(port, processes):
            print(STARTED.format(host=HOST, port=port), flush=True)
        wait_for_the_first(processes)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)
    print("网站进程或后台任务进程意外退出，已全部停止，原因见上面的日志。", file=sys.stderr)
    return 1


def is_free(port: int) -> bool:
    """Whether the port can be listened on; one left in TIME_WAIT is no hindrance to gunicorn either."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            return False
    return True


def suit_a_terminal(port: int) -> None:
    """Unless settings say otherwise, slips and QR codes lead to the port that answers, and only faults are logged."""
    os.environ.setdefault("FLASK_PUBLIC_ADDRESS", f"http://{HOST}:{port}")
    os.environ.setdefault("FLASK_LOG_REQUESTS", "false")


def prepare_database() -> int:
    """Brings the schema up to date and fills an empty database with the demonstration; the exit code."""
    for command in (["db", "upgrade"], ["demo", "--scale", "small", "--if-empty"]):
        if code := start([*FLASK, *command]).wait():
            return code
    return 0


def start(command: list[str]) -> "subprocess.Popen[bytes]":
    """A child that Ctrl-C reaches only through us, and that is stopped should we be killed."""
    return subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL, process_group=0)


def stop(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Ends all of them, by force those that do not come to an end by themselves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for process in processes:
        process.terminate()
    for process in processes:
        pause(process, 15)
        process.kill()
        process.wait()


def wait_until_answering(port: int, processes: "list[subprocess.Popen[bytes]]") -> bool:
    """True once /healthz answers, False when a process has ended before."""
    while all(process.poll() is None for process in processes):
        connection = HTTPConnection(HOST, port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return True
        except (OSError, HTTPException):
            pass
        finally:
            connection.close()
        pause(processes[0], 0.1)
    return False


def wait_for_the_first(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Comes back when any of the processes has ended."""
    while all(process.poll() is None for process in processes):
        pause(processes[0], 0.5)


def pause(process: "subprocess.Popen[bytes]", seconds: float) -> None:
    """Waits, but no longer than the process lives."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)


if __name__ == "__main__":
    sys.exit(main())
