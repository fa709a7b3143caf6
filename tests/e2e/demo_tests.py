"""The demo of the README, unattended."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
DEMO_SECONDS_MAX = 120


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


if __name__ == "__main__":
    unittest.main()
