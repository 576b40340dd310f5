"""The door of accounts to keys."""

from mooring.accounts.actions.authenticate_key import (
    KeyHolder,
    SignedRequest,
    authenticate_key,
    authenticate_keys,
    find_key_holder,
)
from mooring.accounts.actions.create_api_key import CREATE_API_KEY, create_api_key, issue_api_key
from mooring.accounts.actions.revoke_api_key import revoke_api_key
from mooring.accounts.keys.api_keys import ApiKeyView, NewApiKey, find_api_key, list_api_keys
from mooring.accounts.keys.errors import (
    ApiKeyNotFound,
    ApiKeyRefused,
    KeyOrderWrong,
    SignatureWrong,
    TooManyApiKeys,
)
from mooring.accounts.rules.api_keys import KeyOrder, Right, read_order, rights_text

__all__ = [
    "CREATE_API_KEY",
    "ApiKeyNotFound",
    "ApiKeyRefused",
    "ApiKeyView",
    "KeyHolder",
    "KeyOrder",
    "KeyOrderWrong",
    "NewApiKey",
    "Right",
    "SignatureWrong",
    "SignedRequest",
    "TooManyApiKeys",
    "authenticate_key",
    "authenticate_keys",
    "create_api_key",
    "find_api_key",
    "find_key_holder",
    "issue_api_key",
    "list_api_keys",
    "read_order",
    "revoke_api_key",
    "rights_text",
]
