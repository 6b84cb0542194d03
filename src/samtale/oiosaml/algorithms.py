"""Which algorithms an identity provider may use; everything else is refused before it is tried.

The names are those of XML Signature 1.1 and XML Encryption 1.1. What is allowed at all is OIO-ALG-01 of the
profile; a provider is given less, by default what KOMBIT's Context Handler 2 uses.
"""

from dataclasses import dataclass

_XMLENC = "http://www.w3.org/2001/04/xmlenc#"
_XMLENC11 = "http://www.w3.org/2009/xmlenc11#"
_DSIG_MORE = "http://www.w3.org/2001/04/xmldsig-more#"

RSA_OAEP = f"{_XMLENC11}rsa-oaep"
RSA_OAEP_MGF1P = f"{_XMLENC}rsa-oaep-mgf1p"
RSA_1_5 = f"{_XMLENC}rsa-1_5"
AES128_GCM, AES192_GCM, AES256_GCM = (f"{_XMLENC11}aes{bits}-gcm" for bits in (128, 192, 256))
AES128_CBC, AES256_CBC = (f"{_XMLENC}aes{bits}-cbc" for bits in (128, 256))
SHA1 = "http://www.w3.org/2000/09/xmldsig#sha1"
SHA256 = f"{_XMLENC}sha256"
SHA384 = f"{_DSIG_MORE}sha384"
SHA512 = f"{_XMLENC}sha512"
MGF1_SHA1, MGF1_SHA256, MGF1_SHA512 = (f"{_XMLENC11}mgf1sha{bits}" for bits in ("1", "256", "512"))
RSA_SHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
RSA_SHA256 = f"{_DSIG_MORE}rsa-sha256"
RSA_SHA512 = f"{_DSIG_MORE}rsa-sha512"
RSA_PSS_SHA256 = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
EXCLUSIVE_C14N = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"


@dataclass(frozen=True)
class Allowed:
    """Names of algorithms. The default is what Context Handler 2 uses."""

    key_transports: frozenset[str] = frozenset({RSA_OAEP})
    #: Digests of the key transport, MGF1's among them.
    key_digests: frozenset[str] = frozenset({SHA256, MGF1_SHA256})
    blocks: frozenset[str] = frozenset({AES256_GCM})
    signatures: frozenset[str] = frozenset({RSA_SHA256})
    signature_digests: frozenset[str] = frozenset({SHA256})


CONTEXT_HANDLER_2 = Allowed()
#: All that OIO-ALG-01 allows, CBC among it: for providers that use what is older.
PROFILE = Allowed(
    key_transports=frozenset({RSA_OAEP, RSA_OAEP_MGF1P}),
    key_digests=frozenset({SHA1, SHA256, SHA512, MGF1_SHA1, MGF1_SHA256, MGF1_SHA512}),
    blocks=frozenset({AES128_GCM, AES192_GCM, AES256_GCM, AES128_CBC, AES256_CBC}),
    signatures=frozenset({RSA_SHA256, RSA_SHA512}),
    signature_digests=frozenset({SHA256, SHA512}),
)
