"""`python -m sopaudit`, for machines that do not find the program by its name."""

from sopaudit.cli.main import main

# A worker that prints is started anew on Windows, and reads this file too.
if __name__ == "__main__":
    main()
