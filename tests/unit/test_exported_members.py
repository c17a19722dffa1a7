"""The public names: sorted, there, callable, and never shadowed by a module of the same name."""

import importlib
import pkgutil
import subprocess
import sys

import tenbin


def test_all_is_sorted_and_there():
    assert list(tenbin.__all__) == sorted(tenbin.__all__)
    for name in tenbin.__all__:
        assert getattr(tenbin, name) is not None


def test_no_module_shadows_a_public_name():
    for module in pkgutil.walk_packages(tenbin.__path__, "tenbin."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("coverage", "evaluate", "load", "optimise", "replace", "ring_true", "simulate", "suggest", "to_frames"):
        assert callable(getattr(tenbin, name)), name


def test_help_imports_nothing_heavy():
    code = (
        "import sys, tenbin.cli.main; "
        "heavy = {'numpy', 'pandas', 'numba', 'matplotlib', 'pulp', 'highspy', 'scipy'} & set(sys.modules); "
        "sys.exit(', '.join(heavy) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
