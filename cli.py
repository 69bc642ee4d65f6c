"""`python cli.py` is the `derivcheck` command, run from a checkout."""

from derivcheck.commands import main

if __name__ == "__main__":
    main()
