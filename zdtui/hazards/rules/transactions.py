"""What stands together in one transaction, and what cannot be tried again."""

import re
from collections.abc import Iterator

from zdtui.hazards.context import Context
from zdtui.hazards.hazard import Part, Safer, Severity
from zdtui.hazards.rewriting import with_words_after
from zdtui.hazards.rule import DOCUMENTATION, Example, Found, Rule, on, safer
from zdtui.hazards.wording import some
from zdtui.plan.model import Step
from zdtui.sql.operation import UNKNOWN, Operation, Role
from zdtui.sql.statement import StatementClass
from zdtui.sql.text.tokens import TokenKind, tokens

TWO = "CREATE TABLE users (id int PRIMARY KEY, age int); CREATE TABLE orders (id int PRIMARY KEY)"
BLOCK = (
    "- id: fill\n  title: Fill\n  phase: backfill\n"
    "  sql: DO $$ BEGIN UPDATE users SET age = 1 WHERE id = 1; COMMIT; END $$\n  rollback: {none: nobody reads it yet}"
)
LONGEST_IDENTIFIER = 63
MAY_BE_LONG = re.compile(r"[^\x00-\x20\x80-\U0010ffff]{64}|[\x80-\U0010ffff]|\"")
"""What a text has in which a name may be longer than that: 64 letters without a blank, letters of several bytes, or a
quoted name, which may hold blanks."""
EXISTS = frozenset({"IF EXISTS", "IF NOT EXISTS"})


def _many_locks(context: Context) -> Iterator[Found]:
    if not context.history.before or not context.forward:
        return
    held = context.history.held
    more = set(context.keeps_from_writing) - held.keys()
    if held and more and not any("SEQUENCE" in each.kind for each in context.operations):
        yield Found(
            severity=Severity.NOTE if context.history.assumed else None,
            sentence=f"the lock on {some(held)} is held while the one on {some(more)} is waited "
            "for: two queues instead of one, and a deadlock with whoever takes them the other way round",
            safer=Safer(sentence="one table a step; each step takes its lock in a gap and gives it back at once"),
        )


def _with_rows(context: Context) -> Iterator[Found]:
    if not context.forward or not context.history.before or context.statement.statement_class is not StatementClass.DML:
        return
    held = context.history.held
    changed = [each.relation for each in context.operations if each.kind in ("INSERT", "UPDATE", "DELETE", "MERGE")]
    if held and any(name is not None and not context.fresh(name) for name in changed):
        yield Found(
            severity=Severity.NOTE if context.history.assumed else None,
            sentence=f"{some(held)} stays locked for as long as the rows take",
            safer=Safer(
                sentence="change the rows in a step of its own, after this one: as a backfill if there are many"
            ),
        )


def _again(context: Context) -> Iterator[Found]:
    """In a plan what is done is known and not sent again; but a rollback may find only half of it there."""
    if context.step is not None:
        yield from _undone_in_part(context, context.step)
        return
    if context.effects.transactional or not context.effects.known:
        return
    for each in context.operations:
        if each.kind not in ("CREATE INDEX CONCURRENTLY", "DROP INDEX CONCURRENTLY") or each.words & EXISTS:
            continue
        drops = each.kind.startswith("DROP")
        word = "IF EXISTS" if drops else "IF NOT EXISTS"
        named = drops or each.object is not None
        yield Found(
            sentence="it runs outside a transaction: cut off half-way and tried again, it fails because its first half "
            "is done",
            safer=Safer(
                sentence=f"say {word}; a build that failed leaves an invalid index, which the console finds and "
                "removes first",
                sql=f"{with_words_after(context.statement.text, ('CONCURRENTLY',), word)};" if named else "",
            ),
        )


def _undone_in_part(context: Context, step: Step) -> Iterator[Found]:
    own = step.action.author_sql
    if context.place.part is not Part.ROLLBACK or own is None or own.runs_together:
        return
    for each in context.operations:
        if not each.kind.startswith("DROP ") or each.words & EXISTS or len(context.operations) != 1:
            continue
        text = with_words_after(context.statement.text, tuple(each.kind.split(" ")), "IF EXISTS")
        yield Found(
            sentence="the step runs statement by statement outside a transaction: when it failed half-way there may "
            f"be no {each.relation or each.object} to drop, and the rollback fails on it",
            safer=safer("say IF EXISTS", text, fixable=True),
        )


@on(UNKNOWN)
def _unknown(context: Context, each: Operation) -> Iterator[Found]:
    first = " ".join(context.statement.text.split())[:40]
    if first.startswith("\\"):
        yield Found(
            sentence=f"`{first}` is a command of psql: what it runs does not stand here, and was not read",
            safer=Safer(sentence="check what it names too; a plan says it as steps of SQL"),
        )
        return
    yield Found(
        sentence=f"nobody here knows what `{first}` does: it is run with the strictest limits, and the strongest "
        "lock is assumed",
        safer=Safer(sentence="trace it: `zdtui trace` runs it on a copy of the schema and sees what the server does"),
    )


@on("DO", "CALL", "EXECUTE")
def _opaque(context: Context, each: Operation) -> Iterator[Found]:
    may_commit = each.kind == "CALL" and context.step is not None and context.statement.transactional
    more = "; if the procedure commits, the step needs `transaction: off`" if may_commit else ""
    prepared = (one for one in context.history.whole.operations if (one.kind, one.object) == ("PREPARE", each.object))
    writes = each.kind == "EXECUTE" and any(one.mentioned(Role.WRITTEN) for one in prepared)
    said = tokens(each.expression or "") if each.kind == "DO" else ()
    puts_together = any(token.upper == "EXECUTE" for token in said)
    yield Found(
        severity=Severity.WARN if writes or puts_together else None,
        sentence=f"{each.kind} runs code whose locks and changes its text does not show{more}",
    )


@on("SELECT")
def _called(context: Context, each: Operation) -> Iterator[Found]:
    """A query that calls functions of people's own, on its own account: what it reads is told otherwise."""
    asked = context.step is not None and context.step.action.author_sql is None
    if "OPAQUE" in each.words and not each.mentions and context.forward and not asked:
        yield Found(sentence="it calls a function whose locks and changes its text does not show")


@on("DO", "CALL")
def _commits(context: Context, each: Operation) -> Iterator[Found]:
    """Of a CALL as far as its procedure's body is in the text."""
    ends = "COMMITS" in each.words if each.kind == "DO" else context.commits(each)
    in_step = context.step is not None and context.statement.transactional
    if not ends or not (in_step or context.in_block):
        return
    yield Found(
        sentence=f"the {'block' if each.kind == 'DO' else 'procedure'} ends its transaction, and it runs in one "
        f"{'of the step' if in_step else 'that BEGIN opened'}: the server refuses that (invalid transaction end)",
        safer=Safer(sentence="say `transaction: off` in the step; a verify tells afterwards whether it is done")
        if in_step
        else Safer(sentence="let it stand outside of BEGIN and COMMIT"),
    )


def _identifier(context: Context) -> Iterator[Found]:
    if MAY_BE_LONG.search(context.statement.text) is None:
        return
    named = (token for token in tokens(context.statement.text) if token.kind in (TokenKind.WORD, TokenKind.QUOTED))
    names = {
        name
        for token in named
        if len((name := token.text.strip('"')).encode(errors="surrogatepass")) > LONGEST_IDENTIFIER
    }
    for name in sorted(names):
        short = name.encode(errors="surrogatepass")[:LONGEST_IDENTIFIER].decode(errors="ignore")
        yield Found(
            sentence=f"{name} is longer than {LONGEST_IDENTIFIER} bytes: PostgreSQL cuts it to {short} without "
            "failing, and two such names can become one",
            safer=Safer(sentence="give it a name of at most 63 bytes"),
        )


RULES = (
    Rule(
        name="many-strong-locks",
        severity=Severity.WARN,
        title="Strong locks on several tables in one transaction",
        why="The first table is kept from the application while the lock on the second is waited for, and an "
        "application that takes them the other way round deadlocks with it.",
        find=_many_locks,
        example=Example(
            given=TWO,
            bad="BEGIN;\nALTER TABLE users ADD COLUMN a int;\nALTER TABLE orders ADD COLUMN a int;\nCOMMIT;",
            good="BEGIN;\nALTER TABLE users ADD COLUMN a int;\nCOMMIT;\n"
            "BEGIN;\nALTER TABLE orders ADD COLUMN a int;\nCOMMIT;",
        ),
        sources=(f"{DOCUMENTATION}explicit-locking.html#LOCKING-DEADLOCKS",),
    ),
    Rule(
        name="ddl-with-rows",
        severity=Severity.WARN,
        title="DDL and a change of rows in one transaction",
        why="The lock of the DDL is held until the rows are done.",
        find=_with_rows,
        example=Example(
            given=TWO,
            bad="BEGIN;\nALTER TABLE users ADD COLUMN a int;\nUPDATE users SET a = 1 WHERE id = 1;\nCOMMIT;",
            good="BEGIN;\nALTER TABLE users ADD COLUMN a int;\nCOMMIT;\nUPDATE users SET a = 1 WHERE id = 1;",
        ),
        sources=(f"{DOCUMENTATION}explicit-locking.html",),
        squawk=("transaction-nesting",),
    ),
    Rule(
        name="not-repeatable",
        severity=Severity.WARN,
        title="A statement outside a transaction that cannot be tried again",
        why="What runs outside a transaction may be cut off after it took effect. IF [NOT] EXISTS lets it be tried "
        "again. In a plan what is done is known and is not sent again; but the rollback of such a step may find only "
        "half of it there.",
        find=_again,
        example=Example(
            given=TWO,
            bad="CREATE INDEX CONCURRENTLY users_age ON users (age);",
            good="CREATE INDEX CONCURRENTLY IF NOT EXISTS users_age ON users (age);",
        ),
        sources=(f"{DOCUMENTATION}sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",),
        squawk=("prefer-robust-stmts",),
    ),
    Rule(
        name="unknown-statement",
        severity=Severity.WARN,
        title="A statement nobody here knows",
        why="What cannot be read is never taken to be harmless.",
        find=_unknown,
        example=Example(bad="FROBNICATE users;", good="SELECT 1;"),
    ),
    Rule(
        name="opaque-code",
        severity=Severity.NOTE,
        title="Code whose effects its text does not show",
        why="DO, CALL, EXECUTE and functions may lock, change and commit anything. A trace shows what "
        "they do on an empty copy.",
        find=(_opaque, _called),
        example=Example(bad="DO $$ BEGIN PERFORM 1; END $$;", good="SELECT 1;"),
        sources=(f"{DOCUMENTATION}sql-do.html",),
    ),
    Rule(
        name="commit-in-transaction",
        severity=Severity.STOP,
        title="A block that commits, in a transaction of the step",
        why="COMMIT and ROLLBACK in a DO block or a procedure end the transaction it began. In a transaction of "
        "somebody else the server refuses them. A step with `transaction: off` sends a CALL or DO outside of one.",
        find=_commits,
        example=Example(given=TWO, bad=BLOCK, good=f"{BLOCK}\n  transaction: off", steps=True),
        sources=(f"{DOCUMENTATION}plpgsql-transactions.html",),
    ),
    Rule(
        name="long-identifier",
        severity=Severity.WARN,
        title="A name of more than 63 bytes",
        why="PostgreSQL cuts it with a notice and goes on.",
        find=_identifier,
        example=Example(
            given=TWO,
            bad=f"ALTER TABLE users ADD COLUMN {'c' * 64} int;",
            good=f"ALTER TABLE users ADD COLUMN {'c' * 63} int;",
        ),
        sources=(f"{DOCUMENTATION}sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",),
        squawk=("identifier-too-long",),
    ),
)
