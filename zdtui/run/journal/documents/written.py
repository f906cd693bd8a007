"""A document as JSON text, and the schema of each kind as a file that comes with zdtui. Pure."""

from pathlib import Path

from pydantic import BaseModel

from zdtui.drawable import drawable_json
from zdtui.evidence.file import DRAFT
from zdtui.run.journal.documents.report import ReportDocument
from zdtui.run.journal.documents.status import StatusDocument
from zdtui.sql.text.secrets import values_without_secrets
from zdtui.usage.document import UsageDocument

DOCUMENTS: dict[str, type[BaseModel]] = {"status": StatusDocument, "report": ReportDocument, "usage": UsageDocument}


def written(document: BaseModel) -> str:
    """The document as JSON: passwords are struck out of its texts, and nothing in it acts on a terminal."""
    return drawable_json(values_without_secrets(document.model_dump(mode="json")), indent=2)


def schema_of(name: str) -> dict[str, object]:
    """The JSON Schema of the document of that name, made from its model."""
    return {"$schema": DRAFT, **DOCUMENTS[name].model_json_schema(mode="serialization")}


def schema_file(name: str) -> Path:
    """Where the same stands as a file."""
    return Path(__file__).with_name(f"{name}.schema.json")
