"""Check characters of organs' codes; the good ones are those of public sites (RULES.md, section 6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.records.codes import is_organisation_code, is_social_credit_code

SOCIAL = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    "code",
    [
        "11441700007280420Y", "11341702486344515H", "12620600MB0523338C", "11620622013933539B", "1137078555222300XQ",
        "000000000000000000",
    ],
)  # fmt: skip
def test_good_social_credit_codes_are_accepted(code: str) -> None:
    """Codes in use pass the GB 32100 check, and so does one whose remainder is 0."""
    assert is_social_credit_code(code)


@pytest.mark.parametrize(
    "code",
    [
        "", "11441700007280420X", "11441700007280402Y", "11441700007280420y", "1144170000728042Y", "91350211M0000XUF46",
        "11441700007280420YY", "1144170000728042OY", "１1441700007280420Y", " 11441700007280420Y",
    ],
)  # fmt: skip
def test_bad_social_credit_codes_are_refused(code: str) -> None:
    """A wrong check character, swapped digits, letters outside the alphabet and other lengths fail."""
    assert not is_social_credit_code(code)


@given(st.text(SOCIAL, min_size=17, max_size=17))
def test_one_check_character_fits_a_social_credit_code(head: str) -> None:
    """For any seventeen characters exactly one of the thirty-one is the check character."""
    assert sum(is_social_credit_code(head + last) for last in SOCIAL) == 1


@given(st.text(SOCIAL, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(SOCIAL))
def test_one_mistyped_character_is_noticed(head: str, position: int, other: str) -> None:
    """Changing one character of a good social credit code makes it bad."""
    good = next(head + last for last in SOCIAL if is_social_credit_code(head + last))
    changed = good[:position] + other + good[position + 1 :]
    assert is_social_credit_code(changed) == (changed == good)


@pytest.mark.parametrize("code", ["000014349", "053533505", "01527918X"])
def test_good_organisation_codes_are_accepted(code: str) -> None:
    """Organisation codes in use pass the GB 11714 check, with X for ten."""
    assert is_organisation_code(code)


@pytest.mark.parametrize(
    "code",
    ["", "640000001", "000014348", "00001434", "0000143490", "01527918x", "00001434９", "0000-4349", "零00014349"],
)
def test_bad_organisation_codes_are_refused(code: str) -> None:
    """A wrong check character, a small x, other scripts and other lengths fail."""
    assert not is_organisation_code(code)


@given(st.text(ORGANISATION, min_size=8, max_size=8))
def test_one_check_character_fits_an_organisation_code(head: str) -> None:
    """For any eight characters exactly one of the digits and X is the check character."""
    assert sum(is_organisation_code(head + last) for last in ORGANISATION) == 1
    assert sum(is_organisation_code(head + last) for last in "0123456789X") == 1
