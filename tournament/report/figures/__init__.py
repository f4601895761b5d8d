"""The figures of a report, a short module for each kind; see ``style`` for how they look."""

import os

# A notebook hands its cells' programs a backend that need not be installed, and matplotlib then cannot be imported.
# Here, because whichever figure is imported first, this package is imported before it.
_backend = os.environ.pop("MPLBACKEND", None)
import matplotlib  # noqa: E402, F401

if _backend is not None:
    os.environ["MPLBACKEND"] = _backend
