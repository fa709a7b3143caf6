"""The demo of the README, unattended."""

import contextlib
import fcntl
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import shop

HERE = pathlib.Path(__file__).resolve().parent
DEMO_SECONDS_MAX = 120
STOP_SECONDS_MAX = 30


class DemoTests(unittest.TestCase):
    def test_every_step_of_the_demo_comes_out_as_it_says(self):
        with tempfile.TemporaryDirectory(prefix="retour-demo-") as folder:
            done = subprocess.run([sys.executable, HERE / "demo.py", "--check", "--folder", folder], capture_output=True, text=True,
                                  timeout=DEMO_SECONDS_MAX)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertNotIn("failed", done.stdout)

    def test_a_folder_with_anything_else_in_it_is_left_alone(self):
        with tempfile.TemporaryDirectory(prefix="retour-demo-") as folder:
            kept = pathlib.Path(folder, "accounts.txt")
            kept.write_text("ours")
            done = subprocess.run([sys.executable, HERE / "demo.py", "--check", "--folder", folder], capture_output=True, text=True,
                                  timeout=DEMO_SECONDS_MAX)
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("no demo of ours", done.stderr)
            self.assertEqual(kept.read_text(), "ours")

    def test_a_demo_that_was_left_running_is_stopped_without_a_build_while_another_dev_works(self):
        with tempfile.TemporaryDirectory(prefix="retour-demo-") as folder, open(shop.ROOT / "dev", "rb") as tree:
            with contextlib.suppress(BlockingIOError):  # the ./dev test that runs this has the turn already
                fcntl.flock(tree, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", folder])
            self.addCleanup(left.wait)
            self.addCleanup(left.kill)
            pathlib.Path(folder, "pids").write_text(f"{left.pid}\n{os.getpid()}\n")
            environment = {name: value for name, value in os.environ.items() if name != "RETOUR_DEV_TURN"}
            done = subprocess.run([shop.ROOT / "dev", "demo", "--stop", "--folder", folder], capture_output=True, text=True,
                                  env=environment, timeout=STOP_SECONDS_MAX)
            self.assertEqual((done.returncode, done.stdout), (0, "The demo is stopped.\n"), done.stderr)
            self.assertIsNotNone(left.poll(), "a program of the demo still runs")


if __name__ == "__main__":
    unittest.main()
