"""The throttle's address: what is one, and the sentence for what is not."""

import pytest

from tests.unit.plan.test_load import HEAD, plan_with, problems_of, step
from zdtui.plan.address import Address, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("http://db1/go", Address("http", "db1", 80, "/go")),
        ("https://throttle.example", Address("https", "throttle.example", 443, "/")),
        ("HTTP://Db1:8080/a?b=c#d", Address("http", "db1", 8080, "/a?b=c")),
        ("http://[::1]:8080/", Address("http", "::1", 8080, "/")),
    ],
)
def test_an_address_in_its_parts(text: str, address: Address) -> None:
    assert parse_address(text) == address


def test_the_host_header_names_the_port_where_it_is_not_the_usual_one() -> None:
    assert parse_address("http://db1/").authority == "db1"
    assert parse_address("https://db1:8443/").authority == "db1:8443"
    assert parse_address("http://[::1]:8080/").authority == "[::1]:8080"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("http://a b/", "no blanks"),
        ("http://a/\tb", "no blanks"),
        ("http://a/\r\nX: y", "no blanks"),
        ("http://mün.example/", "no other than ASCII"),
        ("file:///etc/passwd", "begins with http"),
        ("ftp://x/", "begins with http"),
        ("//x", "begins with http"),
        ("x/go", "begins with http"),
        ("javascript:alert(1)", "begins with http"),
        ("http://", "a host belongs"),
        ("http:///go", "a host belongs"),
        ("http://x:99999/", "no address"),
        ("http://x:0/", "a host belongs"),
        ("http://[::1/", "no address"),
        ("https://ana:secret@x/", "no user and no password"),
        ("https://ana@x/", "no user and no password"),
        ("http://x/" + "a" * 3000, "more than"),
    ],
)
def test_what_is_no_address_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as refused:
        parse_address(text)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["'http://a b/'", "file:///etc/passwd", "ftp://x", "//x", "https://ana:secret@x/"])
def test_check_refuses_it_where_it_stands(url: str) -> None:
    assert "4:" in problems_of(plan_with(step(), head=f"{HEAD}throttle: {{url: {url}}}\n")).splitlines()[0]
