"""``python -m tenbin``."""

from tenbin.cli.main import run

if __name__ == "__main__":
    run()
