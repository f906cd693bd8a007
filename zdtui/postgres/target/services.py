"""Which managed service this is, what is different there, and which servers only look like PostgreSQL. Pure."""

import re
from dataclasses import dataclass

POOLED = "transaction pooling shares one server session among many clients: locks and settings do not stay with one"
NOT_POSTGRESQL = (
    (re.compile(r"CockroachDB"), "CockroachDB"),
    (re.compile(r"-YB-|YugabyteDB", re.IGNORECASE), "YugabyteDB"),
    (re.compile(r"Redshift"), "Amazon Redshift"),
    (re.compile(r"Greenplum"), "Greenplum"),
    (re.compile(r"Materialize", re.IGNORECASE), "Materialize"),
    (re.compile(r"CrateDB"), "CrateDB"),
    (re.compile(r"QuestDB"), "QuestDB"),
)


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """What gives a service away."""

    version: str = ""
    aurora: bool = False
    roles: frozenset[str] = frozenset()
    host: str = ""
    port: int = 5432


@dataclass(frozen=True, slots=True)
class Service:
    """A managed service."""

    name: str
    different: str
    """What an operator has to know, in a clause."""
    pooled: str = ""
    """Why this address is no session of its own; empty when it is one, as far as an address tells."""


def refused_server(version: str) -> str | None:
    """Why a server that speaks PostgreSQL's protocol is none to us, by its version(); None when it is PostgreSQL."""
    for pattern, name in NOT_POSTGRESQL:
        if pattern.search(version):
            return (
                f"this is {name}, not PostgreSQL: its locks, transactions and catalogs are not those that zdtui's"
                " promises rest on; nothing was changed"
            )
    return None


def service_of(facts: ServiceFacts) -> Service | None:
    """The service, by what it has; None for a server that shows nothing of the kind."""
    has = facts.roles.__contains__
    if facts.aurora:
        return Service(
            "Amazon Aurora", "its readers are in no pg_stat_replication: their lag is asked of aurora_replica_status()"
        )
    if has("alloydbsuperuser") or has("alloydbadmin"):
        return Service("AlloyDB", "nobody but alloydbadmin is a superuser: its sessions cannot be ended from here")
    if has("cloudsqlsuperuser") or has("cloudsqladmin"):
        return Service("Cloud SQL", "nobody but cloudsqladmin is a superuser: its sessions cannot be ended from here")
    if has("rds_superuser") or has("rdsadmin"):
        return Service("Amazon RDS", "nobody but rdsadmin is a superuser: its sessions cannot be ended from here")
    if has("azure_pg_admin") or has("azuresu"):
        return Service("Azure Database", "nobody but azuresu is a superuser: its sessions cannot be ended from here")
    if has("neon_superuser"):
        pooled = f"{facts.host} is Neon's pooled address: {POOLED}" if "-pooler" in facts.host else ""
        return Service("Neon", "its compute may be suspended while nothing runs: the session is then lost", pooled)
    if has("supabase_admin"):
        pooled = f"port 6543 is Supabase's pooler: {POOLED}" if facts.port == 6543 else ""
        return Service("Supabase", "supabase_admin is the superuser: its sessions cannot be ended from here", pooled)
    return None
