"""`python -m deploy.single_machine`: what `./run` becomes."""

import gc
import sys

gc.disable()  # what is imported is kept: looking through it for garbage, again and again, is a fifth of a start

from deploy.single_machine.start import main  # noqa: E402

gc.freeze()  # nor is it looked through afterwards
gc.enable()

if __name__ == "__main__":
    sys.exit(main())
