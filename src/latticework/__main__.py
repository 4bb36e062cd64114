"""`python -m latticework` is the command line."""

from latticework.surfaces.cli import main

if __name__ == "__main__":
    main()
