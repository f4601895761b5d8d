"""A process that tests one claim: reads the job from standard input, says how far it is, at last what came of it.

Each line of its output is JSON: ``{"done": …, "total": …}`` now and then, at last the result or ``{"error": …}``.
"""

from __future__ import annotations

import json
import sys

from game.errors import ChokepointError
from rules import RuleErrors, rulebook_from
from tournament.claims.run import Job, try_claim


def say(**message: object) -> None:
    """One line to the parent; a parent that is gone ends this process."""
    print(json.dumps(message), flush=True)


def main() -> None:
    """Tests the claim of the job on standard input."""
    job = Job.read(sys.stdin.read())
    try:
        result = try_claim(job, rulebook_from(job.source), lambda done, total: say(done=done, total=total))
    except (ChokepointError, RuleErrors) as error:
        say(error=str(error))
        return
    say(**result.data())


if __name__ == "__main__":
    main()
