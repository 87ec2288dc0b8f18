"""What a decoder does with a hostile file (I15): it hangs, swells or crashes, as the file says."""

import os
import sys

if __name__ == "__main__":
    match sys.stdin.buffer.read():
        case b"hang":
            while True:
                pass
        case b"swell":
            sys.stdout.write("x" * (4 * 1024**3))
        case b"crash":
            os.abort()
