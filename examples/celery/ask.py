import sys

import tasks

print(tasks.count.delay(" ".join(sys.argv[1:])).get(timeout=30, interval=0.05))
