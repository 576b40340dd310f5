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
#: What a code for a step-up confirms, by the action's name.
ACTS: Final = {
    "anti_phishing.change": ("a new anti-phishing code", "更改防钓鱼码"),
    "api_key.create": ("a new API key", "创建 API 密钥"),
    "contact.remove": ("removing an address or number", "移除邮箱地址或手机号码"),
    "email.change": ("a new e-mail address", "更改邮箱地址"),
    "factor.add_passkey": ("a new passkey", "添加通行密钥"),
    "factor.add_totp": ("a new authenticator app", "添加身份验证器应用"),
    "factor.make_recovery_codes": ("new recovery codes", "生成新的恢复码"),
    "factor.remove": ("removing a second factor", "移除第二验证方式"),
    "factor.rename_passkey": ("another name for a passkey", "重命名通行密钥"),
    "factor.switch_code": ("codes by message, on or off", "开启或关闭验证码方式"),
    "language.change": ("another language of messages", "更改消息语言"),
    "password.change": ("a new password", "更改密码"),
    "phone.change": ("a new mobile number", "更改手机号码"),
}


@register.filter
def word(value: str, language: str) -> str:
    """Return the words for a code, or for several after commas; what is unknown stays."""
    words = _WORDS[language]
    codes = [code.strip() for code in value.split(",")]
    return ", ".join(words.get(code.lower(), code) for code in codes)


@register.filter
def act(action: str, language: str) -> str:
    """Return what a step-up's action is in words; empty for one that has none."""
    english, chinese = ACTS.get(action, ("", ""))
    return english if language == "en" else chinese
