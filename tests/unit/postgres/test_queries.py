"""Which text of a question a server is asked, by its version."""

import pytest

from zdtui.postgres.queries import query


@pytest.mark.parametrize("name", ["progress", "backend_progress"])
@pytest.mark.parametrize(("version", "view"), [(180000, "cluster"), (190000, "repack"), (200001, "repack")])
def test_from_19_on_the_progress_of_repack_is_asked_for(name: str, version: int, view: str) -> None:
    text = query(name, version)
    assert f"pg_stat_progress_{view} AS" in text
    assert text.count("pg_stat_progress_repack AS") + text.count("pg_stat_progress_cluster AS") == 1
