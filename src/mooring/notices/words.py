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
        "renewal": "a new locked position",
        "flexible": "the flexible product",
        "spot": "your spot wallet",
        "funding": "your funding wallet",
        "earn_not_renewable": "the product cannot be renewed",
        "earn_no_flexible_product": "there is no flexible product of this asset",
        "earn_product_not_open": "the product takes no new money",
        "earn_subscriptions_stopped": "maintenance kept new money out",
        "earn_below_minimum": "it is less than the least the product takes",
        "earn_above_maximum": "it is more than the product takes at a time",
        "earn_above_quota": "your quota for the product is full",
        "earn_above_total_quota": "the product is full",
        "earn_country_not_known": "we do not know where you live; please verify your identity",
        "earn_not_offered_in_country": "the product is not offered where you live",
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
        "renewal": "新的定期持仓",
        "flexible": "活期产品",
        "spot": "您的现货钱包",
        "funding": "您的资金钱包",
        "earn_not_renewable": "该产品不能续期",
        "earn_no_flexible_product": "该资产没有活期产品",
        "earn_product_not_open": "该产品暂不接受新资金",
        "earn_subscriptions_stopped": "维护期间暂不接受新资金",
        "earn_below_minimum": "金额低于该产品的最低申购额",
        "earn_above_maximum": "金额高于该产品单笔上限",
        "earn_above_quota": "您在该产品的额度已满",
        "earn_above_total_quota": "该产品的总额度已满",
        "earn_country_not_known": "我们尚不知道您的居住地，请先完成身份验证",
        "earn_not_offered_in_country": "该产品不在您的居住地提供",
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
