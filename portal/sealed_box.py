"""A sealed box: whoever has the public half of a key puts something in, only its owner takes it out.

Each box has an ephemeral X25519 key of its own; from the shared secret HKDF derives the key and nonce of one
AES-256-GCM encryption, bound to the place the box stands at.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


def put(plain: bytes, place: str, owner: X25519PublicKey) -> bytes:
    """The box: the ephemeral public key, then ciphertext and tag."""
    own = X25519PrivateKey.generate()
    ours, theirs = own.public_key().public_bytes_raw(), owner.public_bytes_raw()
    key, nonce = _derived(own.exchange(owner), ours, theirs)
    return ours + AESGCM(key).encrypt(nonce, plain, place.encode())


def take(box: bytes, place: str, owner: X25519PrivateKey) -> bytes:
    """What is in the box; ValueError when it is of another place, altered, or another owner's."""
    ours, body = box[:KEY_BYTES], box[KEY_BYTES:]
    try:
        shared = owner.exchange(X25519PublicKey.from_public_bytes(ours))
        key, nonce = _derived(shared, ours, owner.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, body, place.encode())
    except InvalidTag as wrong:
        raise ValueError("sealed text does not belong here") from wrong


def _derived(shared: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, bytes]:
    # Both public keys are bound in, so that a box is good for the two of them only.
    size = KEY_BYTES + _NONCE_BYTES
    stream = HKDF(hashes.SHA256(), size, salt=None, info=b"portal/box" + ours + theirs).derive(shared)
    return stream[:KEY_BYTES], stream[KEY_BYTES:]
