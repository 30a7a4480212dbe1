"""An incremental build is the clean build, to the last byte, whatever happened before it (see machine.py).

Here in a few hundred steps that are the same each time; in as many as there is time for, and others each time, in
tests/soak.
"""

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from build.comparing import compiled_once
from build.machine import Machine

FIXED = settings(
    database=None,
    deadline=None,
    max_examples=5,
    stateful_step_count=12,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a step is a whole build: what fails is told as it was found
    print_blob=False,
)


@pytest.mark.parametrize("number", range(2))
def test_an_incremental_build_is_the_clean_build(number: int) -> None:
    """After any sequence of edits, accidents and passing time."""
    machine = seed(number)(type("Fixed", (Machine,), {}))
    with compiled_once():
        run_state_machine_as_test(machine, settings=FIXED)
