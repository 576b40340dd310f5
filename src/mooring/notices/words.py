"""The words of a notice for what other apps name by a code, such as a kind of factor."""

from typing import Final

from django.template import Library

register = Library()

_WORDS: Final = {
    "en": {
        "passkey": "a passkey",
        "totp": "an authenticator app",
        "email": "codes by e-mail",
        "sms": "codes by SMS",
        "recovery_code": "recovery codes",
        "recovery_codes": "recovery codes",
        "read": "read",
        "trade": "trade",
        "withdraw": "withdraw",
    },
    "zh": {
        "passkey": "通行密钥",
        "totp": "身份验证器应用",
        "email": "邮箱验证码",
        "sms": "短信验证码",
        "recovery_code": "恢复码",
        "recovery_codes": "恢复码",
        "read": "读取",
        "trade": "交易",
        "withdraw": "提现",
    },
}


@register.filter
def word(value: str, language: str) -> str:
    """Return the words for a code, or for several after commas; what is unknown stays."""
    words = _WORDS[language]
    codes = [code.strip() for code in value.split(",")]
    return ", ".join(words.get(code.lower(), code) for code in codes)
