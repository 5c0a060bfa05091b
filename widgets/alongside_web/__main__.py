"""`python -m alongside_web` is `alongside open`."""

import sys

from alongside_web.commands import open_course

sys.exit(open_course(sys.argv[1:]))
