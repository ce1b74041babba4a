# SPDX-License-Identifier: Apache-2.0
"""What the generators make, and what the predicates say about it."""
import dataclasses

HOLE, SAFE, EITHER = "hole", "no hole", "either"
CLIENT, SERVER = 0, 1


@dataclasses.dataclass
class Mutant:
    """`message`: what the server sees once it has decoded all; `says`: how that is sent, as (side, bytes)."""
    message: object
    says: list
    what: str
    port: int


def around(random, *limits, most=4000):
    """A length at one of the limits, just beside it, or far from it."""
    near = [limit + by for limit in limits for by in (-1, 0, 1)]
    far = [0, 1, random.randrange(limits[0])] + [random.randint(limits[-1], most) for _ in range(5)] + [most]
    return max(0, random.choice(near + near + far))


def name(random, size, letters="abcdefghijklmnopqrstuvwxyz0123456789"):
    return "".join(random.choice(letters) for _ in range(size))


def any_case(random, text):
    return "".join(random.choice((letter.lower(), letter.upper())) for letter in text)
