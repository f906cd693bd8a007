"""Times and sizes as people write them: the name by which they were imported before `zdtui.quantities`."""

from zdtui.quantities import format_duration as format_duration
from zdtui.quantities import format_size as format_size
from zdtui.quantities import parse_duration as parse_duration
from zdtui.quantities import parse_size as parse_size
