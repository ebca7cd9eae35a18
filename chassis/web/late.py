"""Routes that are ready sooner."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """A route that compiles how its address is built when somebody first asks for the address.

    Few of an API's addresses are ever built, and to compile them all takes longer than all else in making an app.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(partial(super()._compile_builder, append_unknown))

        def build(_rule: Rule, **values: Any) -> tuple[str, str]:
            return compiled()(_rule, **values)

        return build
