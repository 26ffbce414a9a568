import pytest

from tools.stripe_spec import KEPT, SpecUnavailable, keep, stripe_spec


def test_the_document_is_stripes_of_one_version():
    document = stripe_spec()

    assert document["info"]["version"] == "2026-08-26.dahlia"
    assert "/v1/checkout/sessions" in document["paths"]


def test_another_document_is_not_kept(tmp_path):
    stripe_spec()
    changed = KEPT.read_bytes().replace(b"2026-08-26.dahlia", b"2026-08-27.dahlia")

    with pytest.raises(SpecUnavailable, match="not the one"):
        keep(changed, tmp_path / "spec3.json")

    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow  # downloads
def test_a_damaged_copy_is_replaced(tmp_path):
    kept = tmp_path / "spec" / "spec3.json"
    kept.parent.mkdir()
    kept.write_text("{}", encoding="utf-8")

    document = stripe_spec(kept)

    assert document["openapi"] == "3.0.0"
    assert [file.name for file in kept.parent.iterdir()] == ["spec3.json"]
