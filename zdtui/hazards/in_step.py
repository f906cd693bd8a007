"""Triggers that keep two columns in step while the application moves from one to the other. Pure: SQL text."""

from zdtui.hazards.planned import name_of
from zdtui.sql.text.name import Name
from zdtui.sql.text.quote import quote_identifier

BOTH_WAYS = """\
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.{new} := coalesce(NEW.{new}, NEW.{old});
    NEW.{old} := NEW.{new};
  ELSIF NEW.{new} IS DISTINCT FROM OLD.{new} THEN
    NEW.{old} := NEW.{new};
  ELSE
    NEW.{new} := NEW.{old};
  END IF;
  RETURN NEW;
END"""
ONE_WAY = """\
BEGIN
  NEW.{new} := NEW.{old};
  RETURN NEW;
END"""


def in_step(table: Name, old: str, new: str, *, both_ways: bool) -> tuple[str, str]:
    """The function and the trigger that write `new` from `old` with each row, and back."""
    name = name_of(table.name, "sync", new)
    function, trigger = Name(table.schema, name), quote_identifier(name)
    old, new = quote_identifier(old), quote_identifier(new)
    body = (BOTH_WAYS if both_ways else ONE_WAY).format(old=old, new=new)
    columns = f"{old}, {new}" if both_ways else old
    return (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $function$\n{body}\n$function$",
        f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE OF {columns} ON {table}\n"
        f"  FOR EACH ROW EXECUTE FUNCTION {function}()",
    )
