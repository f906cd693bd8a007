"""The file of evidence: `NAME.evidence.json` beside the plan, and its JSON Schema, which comes with zdtui."""

import json
from pathlib import Path

from pydantic import ValidationError

from zdtui.counted import counted
from zdtui.drawable import drawable_json
from zdtui.errors import ZdtuiError
from zdtui.evidence.model import LAYOUT, Evidence
from zdtui.regular_file import put_in_place, read_text
from zdtui.sql.text.secrets import values_without_secrets

DRAFT = "https://json-schema.org/draft/2020-12/schema"
LARGEST = 20 * 1024 * 1024
"""Bytes: a plan of ten thousand steps has less."""
SCHEMA_FILE = Path(__file__).with_name("evidence.schema.json")


class EvidenceError(ZdtuiError):
    """A file that is no evidence this zdtui can read, in one sentence."""


def evidence_path(plan_path: str | Path) -> Path:
    """'plans/add-index.yaml' → 'plans/add-index.evidence.json'."""
    return Path(plan_path).with_suffix(".evidence.json")


def report_path(plan_path: str | Path) -> Path:
    """'plans/add-index.yaml' → 'plans/add-index.evidence.md'."""
    return Path(plan_path).with_suffix(".evidence.md")


def read(path: str | Path, *, inside: str | Path | None = None) -> Evidence:
    """The evidence in that file. Raises FileError (NoSuchFileError) or, when it is none, EvidenceError.

    `inside`: the folder that it has to lie in; else FileOutsideError is raised.
    It is trusted no further than any other file: what it says is shown, and never makes a hazard smaller.
    """
    return parsed(read_text(path, "evidence", largest=LARGEST, inside=inside), Path(path).name)


def parsed(text: str, name: str) -> Evidence:
    """The evidence in this text, which came from the file of that name. Raises EvidenceError."""
    try:
        layout = _layout(json.loads(text))
        if layout is not None and layout > LAYOUT:
            raise EvidenceError(
                f"{name} was written by a newer zdtui (its layout is {layout}, this one reads up to {LAYOUT});"
                " use that one, or run zdtui rehearse again with this one"
            )
        return Evidence.model_validate_json(text)
    except ValidationError as error:
        problems = counted(error.error_count(), "problem")
        raise EvidenceError(f"{name} is not evidence of a rehearsal ({problems}); run zdtui rehearse again") from None
    except (ValueError, RecursionError):
        raise EvidenceError(f"{name} is not evidence of a rehearsal (no JSON); run zdtui rehearse again") from None


def written(evidence: Evidence) -> str:
    """The same as JSON text: passwords are struck out, and nothing in it acts on a terminal."""
    return drawable_json(values_without_secrets(evidence.model_dump(mode="json")), indent=2) + "\n"


def write(evidence: Evidence, path: str | Path) -> None:
    """Have the file hold it, whole or as it was. Raises FileError."""
    put_in_place(path, written(evidence))


def schema() -> dict[str, object]:
    """The JSON Schema of the file, made from the model."""
    return {"$schema": DRAFT, **Evidence.model_json_schema(mode="serialization")}


def _layout(found: object) -> int | None:
    layout = found.get("layout") if isinstance(found, dict) else None
    return layout if isinstance(layout, int) and not isinstance(layout, bool) else None
