"""`python -m clientela`: the same as the command `clientela`."""

from clientela.cli import main

if __name__ == "__main__":
    main()
