"""Functions that look back over what was written of a thing."""

import inspect

from latticework.query.function import Function

history = Function(
    name="history",
    doc=inspect.cleandoc(
        """What a field held, from when on, drawn as a line.

        Up to the moment that is asked about; a value written again is not told twice.
        It can be shown, and neither compared nor sorted by.

        = metric show title, reading, history(reading)
        """
    ),
    module=__name__,
    past=True,
)
