"""Run the command as ``python -m generator``."""

from generator.cli import main

if __name__ == "__main__":  # a worker process imports this module once more
    main()
