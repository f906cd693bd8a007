"""The clients of the demo's application: what each kind does in one round, and how often."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from zdtui.demo.shop_schema import STATEMENTS, Connection, NameColumns

GIVEN = ("Ada", "Grace", "Alan", "Barbara", "Edsger", "Margaret", "Frances", "Radia", "Sophie", "Katherine")
FAMILY = ("Lovelace", "Hopper", "Turing", "Liskov", "Dijkstra", "Hamilton", "Allen", "Perlman", "Wilson", "Johnson")
STATUS = ("paid", "shipped", "delivered", "returned")


@dataclass(slots=True)
class World:
    """What all clients of one application share."""

    columns: NameColumns = NameColumns.ONE
    last_user: int = 1
    last_product: int = 1
    chance: random.Random = field(default_factory=random.Random)

    def user(self) -> int:
        """The id of some user."""
        return self.chance.randint(1, self.last_user)

    def product(self) -> int:
        """The id of some product."""
        return self.chance.randint(1, self.last_product)


Round = Callable[[Connection, World], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ClientKind:
    """One kind of client."""

    application_name: str
    clients: int
    pause_seconds: float
    """Mean time between rounds."""
    round: Round


async def checkout(connection: Connection, world: World) -> None:
    """Somebody orders one to three products: one transaction."""
    user, chance = world.user(), world.chance
    async with connection.transaction():
        await connection.fetchrow(STATEMENTS[world.columns].read, user)
        order = await connection.fetchval(
            "INSERT INTO orders (user_id, status, total_cents) VALUES ($1, 'paid', $2) RETURNING id",
            user,
            chance.randint(500, 40_000),
        )
        for _ in range(chance.randint(1, 3)):
            await connection.execute(
                "INSERT INTO order_items (order_id, product_id, quantity, price_cents) VALUES ($1, $2, $3, $4)",
                order,
                world.product(),
                chance.randint(1, 3),
                chance.randint(199, 20_000),
            )


async def account(connection: Connection, world: World) -> None:
    """Somebody looks at their account; a few change their e-mail or their name, a few register."""
    chance, statements = world.chance, STATEMENTS[world.columns]
    given, family, user = chance.choice(GIVEN), chance.choice(FAMILY), world.user()
    what, email = chance.random(), f"{given.lower()}.{chance.randint(0, 999_999_999)}@example.com"
    if what < 0.70:
        await connection.fetchrow(statements.read, user)
    elif what < 0.85:
        await connection.execute("UPDATE users SET email = $1 WHERE id = $2", email, user)
    elif what < 0.95:
        await connection.execute(statements.rename, given, family, user)
    else:
        await connection.execute(statements.insert, given, family, email)


async def billing(connection: Connection, world: World) -> None:
    """What came in lately; and an order moves on."""
    await connection.fetchrow(
        "SELECT count(*), sum(total_cents) FROM orders WHERE placed_at > now() - interval '10 minutes'"
    )
    await connection.execute(
        "UPDATE orders SET status = $1 WHERE id = (SELECT max(id) FROM orders WHERE user_id = $2)",
        world.chance.choice(STATUS),
        world.user(),
    )


async def report_nightly(connection: Connection, world: World) -> None:
    """Holds ACCESS SHARE on users and orders for 3 to 6 s, most of it idle in transaction: what a migration meets."""
    async with connection.transaction():
        await connection.fetch("SELECT date_trunc('month', created_at), count(*) FROM users GROUP BY 1")
        await connection.fetch("SELECT date_trunc('month', placed_at), sum(total_cents) FROM orders GROUP BY 1")
        await asyncio.sleep(world.chance.uniform(3.0, 5.5))
        await connection.fetch("SELECT user_id, sum(total_cents) FROM orders GROUP BY 1 ORDER BY 2 DESC LIMIT 100")


KINDS = (
    ClientKind("checkout", 4, 0.35, checkout),
    ClientKind("account", 4, 0.20, account),
    ClientKind("billing", 1, 2.0, billing),
    ClientKind("report-nightly", 1, 16.0, report_nightly),
)
