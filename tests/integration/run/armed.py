"""`python -m tests.integration.run.armed DSN`: a console that arms a step, says so, and waits to be killed."""

import asyncio
import sys

from tests.integration.run.driver import Driver, plan_of
from tests.integration.run.test_arming import ADD, arm


async def main(dsn: str) -> None:
    """Until killed."""
    async with Driver(plan_of(ADD), dsn) as driver:
        arm(driver)
        await driver.until(lambda: driver.stage.not_quiet)
        print("armed", flush=True)  # noqa: T201
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
