"""What tests/build/test_incremental.py shows in a few steps, for as many minutes as PORTAL_SOAK says, in other steps each
time. What fails is told as the shortest sequence of steps that fails, which can be run again as it is printed."""

import os
import random
import time

from build.comparing import compiled_once
from build.machine import Machine
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test


def test_an_incremental_build_is_the_clean_build_for_minutes() -> None:
    """After any sequence of edits, accidents and passing time."""
    end = time.monotonic() + 60 * float(os.environ["PORTAL_SOAK"])
    chance = random.SystemRandom()
    rounds = 0
    while time.monotonic() < end or not rounds:
        number = int(os.environ.get("PORTAL_SOAK_SEED") or chance.randrange(2**32))
        print(f"PORTAL_SOAK_SEED={number}", flush=True)
        machine = seed(number)(type("Soaked", (Machine,), {}))
        long = settings(
            database=None,
            deadline=None,
            max_examples=5,
            stateful_step_count=40,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        )
        with compiled_once():
            run_state_machine_as_test(machine, settings=long)
        rounds += 1
        if os.environ.get("PORTAL_SOAK_SEED"):
            return
