"""What set-up says of the form that reads and writes Avro."""

import pytest

from infra.stack import avro_form


def test_set_up_says_what_a_machine_without_a_compiler_goes_without(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(avro_form, "FORM", "fastavro")
    monkeypatch.setattr(avro_form, "WHY", "no module of that name")
    avro_form.main()
    said = capsys.readouterr().err
    assert "no module of that name" in said
    assert "make setup" in said


def test_set_up_says_nothing_where_nothing_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(avro_form, "FORM", "compiled")
    avro_form.main()
    assert capsys.readouterr() == ("", "")
