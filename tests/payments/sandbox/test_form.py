import pytest

from payments.sandbox.errors import ApiError
from payments.sandbox.form import pairs, tree


@pytest.mark.parametrize(
    ("encoded", "nested"),
    [
        pytest.param("a=1&b=", {"a": "1", "b": ""}, id="plain, an empty value kept"),
        pytest.param("a[b][c]=1&a[d]=2", {"a": {"b": {"c": "1"}, "d": "2"}}, id="objects in objects"),
        pytest.param("a[]=1&a[]=2", {"a": {"0": "1", "1": "2"}}, id="a list without positions"),
        pytest.param("a[0][b]=1&a[1][b]=2", {"a": {"0": {"b": "1"}, "1": {"b": "2"}}}, id="objects in a list"),
        pytest.param("a%5Bb%5D=%E2%82%AC+1", {"a": {"b": "€ 1"}}, id="escaped"),
        pytest.param("a[b.c d]=1", {"a": {"b.c d": "1"}}, id="any text as a metadata key"),
    ],
)
def test_brackets_become_a_tree(encoded, nested):
    assert tree(pairs(encoded)) == nested


@pytest.mark.parametrize("encoded", ["a[b=1", "[b]=1", "a[b]c=1", "a=1&a[b]=2"])
def test_what_does_not_nest_is_refused(encoded):
    with pytest.raises(ApiError) as refusal:
        tree(pairs(encoded))

    assert refusal.value.status == 400
