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
  NEW.{column} := (SELECT {expression} FROM (SELECT (NEW).*) AS written);
  RETURN NEW;
END"""


def in_step(table: Name, old: str, new: str) -> tuple[str, str]:
    """The function and the trigger that write `new` from `old` with each row, and back.

    BEFORE triggers fire in the order of their names: this one comes last, and sees what the others made of the row. It
    has no list of columns, because another trigger may change a column that the UPDATE does not name.
    """
    return _trigger(table, new, BOTH_WAYS.format(old=quote_identifier(old), new=quote_identifier(new)))


def computed(table: Name, column: str, expression: str) -> tuple[str, str]:
    """The same for a column that is computed from the others, by an expression in their names."""
    return _trigger(table, column, ONE_WAY.format(column=quote_identifier(column), expression=expression))


def _trigger(table: Name, new: str, body: str) -> tuple[str, str]:
    function, trigger = function_and_trigger(table, new)
    return (
        f"CREATE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $function$\n{body}\n$function$",
        f"CREATE TRIGGER {trigger} BEFORE INSERT OR UPDATE ON {table}\n  FOR EACH ROW EXECUTE FUNCTION {function}()",
    )


def out_of_step(table: Name, new: str) -> tuple[str, str]:
    """What takes both away again."""
    function, trigger = function_and_trigger(table, new)
    return f"DROP TRIGGER {trigger} ON {table}", f"DROP FUNCTION {function}()"


def function_and_trigger(table: Name, new: str) -> tuple[Name, str]:
    """What they are called; the trigger's name is quoted where it has to be."""
    trigger = name_of("zzz_zdtui", table.name, "sync", new)
    return Name(table.schema, name_of(table.name, "sync", new)), quote_identifier(trigger)
