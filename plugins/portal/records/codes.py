"""Check characters of the codes that identify organs."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_SOCIAL_WEIGHTS = [pow(3, power, 31) for power in range(17)]
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def is_social_credit_code(text: str) -> bool:
    """Whether this is an 18-character 统一社会信用代码 with a right check character (GB 32100-2015)."""
    if len(text) != 18 or any(character not in _ALPHABET for character in text):
        return False
    total = sum(_ALPHABET.index(character) * weight for character, weight in zip(text, _SOCIAL_WEIGHTS, strict=False))
    # The remainder 0 gives check value 31, which is written 0: implementations that index [31] break here.
    return _ALPHABET[(31 - total % 31) % 31] == text[17]


def is_organisation_code(text: str) -> bool:
    """Whether this is a nine-character organisation code with a right check character (GB 11714-1997)."""
    if len(text) != 9 or not text[:8].isalnum() or not text.isascii() or text != text.upper():
        return False
    total = sum(int(character, 36) * weight for character, weight in zip(text, _ORGANISATION_WEIGHTS, strict=False))
    check = 11 - total % 11
    return text[8] == ("X" if check == 10 else "0" if check == 11 else str(check))
