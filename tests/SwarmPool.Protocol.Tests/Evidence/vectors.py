"""Known answers of token evidence, SPE1, made apart from the framework, after docs/protocol.md alone.

python3 tests/SwarmPool.Protocol.Tests/Evidence/vectors.py > tests/SwarmPool.Protocol.Tests/Evidence/vectors.json
"""

import json
import random

random.seed(20261130)
FINISH = ["stop", "length", "stop_string"]
MASK = (1 << 64) - 1


def keccak256(data):
    def rol(x, n):
        return ((x << n) | (x >> (64 - n))) & MASK if n else x

    state = [[0] * 5 for _ in range(5)]

    def permute():
        lfsr = 1
        for _ in range(24):
            c = [state[x][0] ^ state[x][1] ^ state[x][2] ^ state[x][3] ^ state[x][4] for x in range(5)]
            for x in range(5):
                d = c[(x - 1) % 5] ^ rol(c[(x + 1) % 5], 1)
                for y in range(5):
                    state[x][y] ^= d
            x, y, current = 1, 0, state[1][0]
            for t in range(24):
                x, y = y, (2 * x + 3 * y) % 5
                current, state[x][y] = state[x][y], rol(current, (t + 1) * (t + 2) // 2 % 64)
            for y in range(5):
                row = [state[x][y] for x in range(5)]
                for x in range(5):
                    state[x][y] = row[x] ^ (~row[(x + 1) % 5] & MASK & row[(x + 2) % 5])
            for j in range(7):
                if lfsr & 1:
                    state[0][0] ^= 1 << ((1 << j) - 1)
                lfsr = ((lfsr << 1) ^ ((lfsr >> 7) * 0x171)) & 0xFF
    rate = 136
    padded = bytearray(data) + b"\x01" + b"\x00" * (-(len(data) + 1) % rate)
    padded[-1] |= 0x80
    for at in range(0, len(padded), rate):
        for i in range(rate // 8):
            state[i % 5][i // 5] ^= int.from_bytes(padded[at + 8 * i:at + 8 * i + 8], "little")
        permute()
    return b"".join(state[i % 5][i // 5].to_bytes(8, "little") for i in range(4))


assert keccak256(b"").hex() == "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"


def number(n):
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def frame(part):
    return number(len(part)) + part


def parts_of(one):
    head = number(FINISH.index(one["finish"])) + number(one["top_count"]) + number(len(one["positions"]))
    head += number(len(one["prompt"])) + b"".join(number(token) for token in one["prompt"])
    parts = [head]
    for at in range(0, len(one["positions"]), 32):
        page = b""
        for position in one["positions"][at:at + 32]:
            total = position["log_sum"]
            page += number(2 * total if total >= 0 else -2 * total - 1)
            last = 0
            for token, log_prob in position["top"]:
                page += number(token) + number(last - log_prob)
                last = log_prob
            token, log_prob = position["chosen"]
            places = [i for i, stated in enumerate(position["top"]) if stated[0] == token]
            page += number(places[0]) if places else number(len(position["top"])) + number(token) + number(last - log_prob)
        parts.append(page)
    return parts


def root_of(parts):
    leaves = sorted(keccak256(keccak256(b"SPE1" + i.to_bytes(4, "big") + part)) for i, part in enumerate(parts))
    tree = [None] * (2 * len(leaves) - 1)
    for i, leaf in enumerate(leaves):
        tree[len(tree) - 1 - i] = leaf
    for i in range(len(tree) - 1 - len(leaves), -1, -1):
        tree[i] = keccak256(b"".join(sorted([tree[2 * i + 1], tree[2 * i + 2]])))
    return "0x" + tree[0].hex()


def position(top_count, vocabulary):
    tokens = random.sample(range(vocabulary), top_count + 1)
    logs = sorted((-random.choice([random.randrange(1, 60), random.randrange(60, 40000)]) for _ in range(top_count)), reverse=True)
    top = sorted(([token, log] for token, log in zip(tokens, logs)), key=lambda one: (-one[1], one[0]))
    chosen = random.choice(top) if random.random() < 0.8 else [tokens[-1], top[-1][1] - random.randrange(0, 500)]
    return {"log_sum": random.randrange(-400000, 400000), "top": top, "chosen": chosen}


cases = []
for finish, top_count, prompt, answer, vocabulary in [
    ("stop", 1, 1, 1, 2), ("length", 20, 14, 31, 32000), ("stop_string", 20, 3, 32, 152064), ("stop", 20, 200, 33, 152064), ("length", 64, 7, 65, 65), ("stop", 5, 2, 100, 200),
]:
    one = {
        "finish": finish, "top_count": top_count, "prompt": [random.randrange(vocabulary) for _ in range(prompt)],
        "positions": [position(top_count, vocabulary) for _ in range(answer)],
    }
    parts = parts_of(one)
    cases.append(one | {"bytes": (b"SPE1" + b"".join(map(frame, parts))).hex(), "root": root_of(parts)})
print(json.dumps(cases, separators=(",", ":")))
