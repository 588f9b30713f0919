"""Finding what somebody asked for: ranking ways to ask, in memory, in German and English."""

import os

# The matrices are small: more threads only spin. Read by numpy when it is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
