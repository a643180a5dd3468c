"""Known answers of the sampler SPS1, computed apart from the framework: ln and exp in 50 decimal digits.

python3 tests/SwarmPool.Protocol.Tests/Sampling/vectors.py > tests/SwarmPool.Protocol.Tests/Sampling/vectors.json

Written after docs/sampling.md alone. Logits are multiples of 1/64, so that they are the same number everywhere. A case whose winner leads
by less than 1e-9 is left out: there the last bits of a logarithm would decide.
"""

import base64
import hashlib
import json
import random
import struct
from decimal import Decimal, getcontext

getcontext().prec = 50
random.seed(20261130)


def cid_of(text):
    return b"\x01\x55\x12\x20" + hashlib.sha256(text.encode()).digest()


def cid_text(cid):
    return "b" + base64.b32encode(cid).decode().lower().rstrip("=")


def top52(cid, t, v):
    digest = hashlib.sha256(b"SPS1" + cid + struct.pack(">II", t, v)).digest()
    return int.from_bytes(digest[:8], "big") >> 12


def gumbel(cid, t, v):
    u = (Decimal(top52(cid, t, v)) + Decimal("0.5")) / Decimal(2**52)
    return -(-(u.ln())).ln()


def choose(cid, t, logits, s, prompt, answer):
    """(the token, by how much it leads)"""
    values = {}
    for v, logit in enumerate(logits):
        x = Decimal(logit)
        times = answer.count(v)
        if times or v in prompt:
            r = Decimal(s["repetition_penalty"])
            x = x / r if x > 0 else x * r
        x -= times * Decimal(s["frequency_penalty"])
        if times:
            x -= Decimal(s["presence_penalty"])
        values[v] = x
    temperature = Decimal(s["temperature"])
    if temperature == 0:
        order = sorted(values, key=lambda v: (-values[v], v))
        return order[0], Decimal(1)
    values = {v: x / temperature for v, x in values.items()}
    order = sorted(values, key=lambda v: (-values[v], v))[: s["top_k"]]
    weights = [(values[v] - values[order[0]]).exp() for v in order]
    wanted = Decimal(s["top_p"]) * sum(weights)
    kept, total = 0, Decimal(0)
    lead = Decimal(1)
    while kept < len(order):
        total += weights[kept]
        kept += 1
        lead = min(lead, abs(total - wanted)) if Decimal(s["top_p"]) < 1 else lead
        if total >= wanted and Decimal(s["top_p"]) < 1:
            break
    scores = sorted(((values[v] + gumbel(cid, t, v), -v) for v in order[:kept]), reverse=True)
    if len(scores) > 1:
        lead = min(lead, scores[0][0] - scores[1][0])
    return -scores[0][1], lead


def settings(**given):
    base = dict(temperature="0", top_k=64, top_p="1", repetition_penalty="1", presence_penalty="0", frequency_penalty="0")
    base.update(given)
    return base


noise = []
for i in range(24):
    cid = cid_of(f"noise {i}")
    t, v = [(0, 0), (1, 0), (0, 1), (4294967295 // 2, 151935), (255, 256), (65536, 16777216)][i % 6]
    noise.append(dict(job=cid_text(cid), position=t, token=v, top52=str(top52(cid, t, v)), gumbel=f"{gumbel(cid, t, v):.25f}"))

kinds = [
    settings(),
    settings(repetition_penalty="1.3", frequency_penalty="0.5", presence_penalty="-0.25"),
    settings(temperature="1"),
    settings(temperature="0.7", top_k=40, top_p="0.95"),
    settings(temperature="0.01"),
    settings(temperature="2", top_k=3),
    settings(temperature="1", top_p="0.5"),
    settings(temperature="1.5", top_p="0.9", repetition_penalty="1.1", presence_penalty="0.6", frequency_penalty="0.2"),
    settings(temperature="0.8", top_k=1),
    settings(temperature="1", top_p="0.000001"),
    settings(temperature="1", repetition_penalty="0.5"),
]
choices = []
while len(choices) < 66:
    i = len(choices)
    cid = cid_of(f"choice {i}")
    s = kinds[i % len(kinds)]
    size = random.choice([2, 5, 40, 96, 200])
    spread = random.choice([16, 200, 800])
    logits = [random.randint(-spread, spread) / 64 for _ in range(size)]
    if i % 7 == 0:  # ties
        logits = [random.choice([1.5, 1.5, 0.25]) for _ in range(size)]
    prompt = [random.randrange(size) for _ in range(random.randint(1, 6))]
    answer = [random.randrange(size) for _ in range(random.randint(0, 6))]
    token, lead = choose(cid, len(answer), logits, s, prompt, answer)
    if lead > Decimal("1e-9"):
        choices.append(dict(job=cid_text(cid), settings=s, prompt=prompt, answer=answer, logits=logits, token=token))
    else:
        random.random()

print(json.dumps(dict(noise=noise, choices=choices), indent=1))
