"""The program: `timgen`, and `python -m timgen`."""

import atexit
import gc


def run() -> None:
    # Nearly all that is made lives to the end, so that looking for garbage is a sixth of the time lost; nor is any of
    # it to be looked through when the process ends.
    gc.disable()
    atexit.register(gc.freeze)
    from timgen.cli.main import main

    main()


if __name__ == "__main__":
    run()
