"""A disk that is full when a test says so."""

import ctypes
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import tempfile

CLONE_NEWNS = 0x20000
PAGE = 4096


class NoMount(Exception):
    """This machine does not let us mount; the reason."""


class SmallDisk:
    """A small file system of its own, seen by this process and what it starts and gone with them: nothing to clean up after a kill."""

    _own_mounts = False

    def __init__(self, mib):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="retour-disk-"))
        self.filler = self.folder / "filler"
        try:
            self._leave_the_shared_mounts()
            subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mib}m", "none", self.folder], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as error:
            self.folder.rmdir()
            raise NoMount(str(error)) from error

    @classmethod
    def _leave_the_shared_mounts(cls):
        if cls._own_mounts:
            return
        if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        subprocess.run(["mount", "--make-rprivate", "/"], check=True, capture_output=True)
        cls._own_mounts = True

    def fill(self, slack_pages=0):
        """Leaves that many pages of 4096 bytes free."""
        with open(self.filler, "ab", buffering=0) as file:
            for size in (65_536, 4_096, 1):
                try:
                    while True:
                        file.write(b"\0" * size)
                except OSError:
                    continue
        os.truncate(self.filler, max(0, self.filler.stat().st_size - slack_pages * PAGE))

    def free(self):
        self.filler.unlink(missing_ok=True)

    def close(self):
        subprocess.run(["umount", "--lazy", self.folder], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)


# ---- the other way, without root: files that may not grow --------------------------------------------------------

def survive_the_limit():
    """For preexec_fn: a write beyond the limit then fails like one on a full disk, instead of ending the program."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def stop_growth(process, file, slack_pages=0):
    """No file of the process grows beyond what this one has now, and a little."""
    limit_files(process, file.stat().st_size + slack_pages * PAGE)


def limit_files(process, size=resource.RLIM_INFINITY):
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


GROWING = {"preexec_fn": survive_the_limit, "restore_signals": False}
