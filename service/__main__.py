"""``python -m service`` is ``isogloss``."""

from service.cli.main import main

main()
