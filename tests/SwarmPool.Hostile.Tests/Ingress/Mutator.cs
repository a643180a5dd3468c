using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace SwarmPool.Hostile.Tests.Ingress;

/// <summary>
/// Makes messages that are almost right: of honest ones, by changes that know JSON (so that they get past the first checks)
/// and by changes that know nothing. The same seed makes the same messages.
/// </summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> honest)
{
    private static readonly string[] Tokens =
    [
        "null", "true", "{}", "[]", "\"\"", "0", "-0", "-1", "1.5", "1e9", "9007199254740992", "9007199254740993", "-9007199254740993", "NaN", "\"\\ud800\"",
        "\"\\u0000\"", "\"\ufeff\"", "\"sig\":\"0x\",", "\"type\":\"job\",", ",", ":", "{", "}", "[", "]", "\\", "\"", "\u2028", "/**/", "\"NaN\"", "\"0.0000001\"", "\"1e6\"",
    ];

    private readonly Random random = new(seed);

    /// <summary>The next message.</summary>
    public byte[] Next()
    {
        var bytes = Pick(honest);
        if (random.Next(2) == 0)
        {
            bytes = Value(bytes);
        }

        for (var i = random.Next(3); i > 0; i--)
        {
            bytes = Bytes(bytes);
        }

        return bytes;
    }

    /// <summary>A value of the message, anywhere in it, becomes another; written in the order that it was in, so mostly still canonical.</summary>
    private byte[] Value(byte[] bytes)
    {
        if (JsonNode.Parse(bytes) is not JsonObject json)
        {
            return bytes;
        }

        JsonObject at = json;
        while (true)
        {
            var key = Pick(at.Select(member => member.Key).ToList());
            if (at[key] is JsonObject { Count: > 0 } inner && random.Next(2) == 0)
            {
                at = inner;
                continue;
            }

            if (random.Next(8) == 0)
            {
                at.Remove(key);
            }
            else if (random.Next(8) == 0)
            {
                at[key + (char)random.Next('a', 'z')] = NewValue(3);
            }
            else
            {
                at[key] = NewValue(3);
            }

            return Encoding.UTF8.GetBytes(json.ToJsonString());
        }
    }

    private JsonNode? NewValue(int depth) => random.Next(depth > 0 ? 12 : 8) switch
    {
        0 => null,
        1 => random.Next(2) == 0,
        2 => random.NextInt64(-(1L << 54), 1L << 54),
        3 => random.Next(-2, 400),
        4 => random.NextDouble() * 10,
        5 => random.Next(1_000_000).ToString(CultureInfo.InvariantCulture),
        6 => new string((char)random.Next(1, 0x2fff), random.Next(1, random.Next(50) == 0 ? 70_000 : 80)),
        7 => Pick(Tokens),
        8 or 9 => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => NewValue(depth - 1))]),
        10 => Deep(random.Next(1, 40)),
        _ => new JsonObject(Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"k{i}", NewValue(depth - 1)))),
    };

    private static JsonNode Deep(int levels)
    {
        JsonNode node = 1;
        for (var i = 0; i < levels; i++)
        {
            node = new JsonArray(node);
        }

        return node;
    }

    private byte[] Bytes(byte[] bytes)
    {
        var (from, to) = Range(bytes.Length);
        switch (random.Next(8))
        {
            case 0 when bytes.Length > 0:
                bytes = [.. bytes];
                bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return bytes;
            case 1 when bytes.Length > 0:
                bytes = [.. bytes];
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                return bytes;
            case 2:
                return [.. bytes[..from], .. Encoding.UTF8.GetBytes(Pick(Tokens)), .. bytes[from..]];
            case 3:
                return [.. bytes[..from], .. bytes[to..]];
            case 4:
                return [.. bytes[..to], .. bytes[from..]];
            case 5:
                return bytes[..to];
            case 6:
                return [.. bytes[..from], .. Pick(honest).AsSpan(from < 1 ? 0 : 1), .. bytes[to..]];
            default:
                var noise = new byte[random.Next(random.Next(200) == 0 ? 70_000 : 16)];
                random.NextBytes(noise);
                return [.. bytes[..from], .. noise, .. bytes[from..]];
        }
    }

    private (int From, int To) Range(int length)
    {
        var from = random.Next(length + 1);
        return (from, Math.Min(length, from + random.Next(64)));
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[random.Next(list.Count)];
}
