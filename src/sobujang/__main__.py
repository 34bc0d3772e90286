"""`python -m sobujang`: the command line where its script is not on the path."""

from sobujang.cli import main

if __name__ == "__main__":
    main()
