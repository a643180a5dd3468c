using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Unicode;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Protocol.Json;

/// <summary>
/// One pass over JSON text that writes its canonical form. Members are written as they come and put in order when their
/// object ends, which for text that is canonical already (nearly all of it) costs one comparison a key.
/// </summary>
internal ref struct CanonicalPass : IDisposable
{
    private readonly byte[] output;
    private readonly byte[] keys;
    private Member[] members;
    private FrameStack frames;
    private int depth;
    private int written;
    private int keysUsed;
    private int membersUsed;

    public CanonicalPass(int inputLength)
    {
        // A canonical text is never longer than any text of the same value: escapes only shrink, white space goes.
        output = ArrayPool<byte>.Shared.Rent(inputLength + 1);
        keys = ArrayPool<byte>.Shared.Rent(inputLength + 1);
        members = ArrayPool<Member>.Shared.Rent(64);
    }

    public readonly ReadOnlySpan<byte> Written => output.AsSpan(0, written);

    public readonly void Dispose()
    {
        ArrayPool<byte>.Shared.Return(output);
        ArrayPool<byte>.Shared.Return(keys);
        ArrayPool<Member>.Shared.Return(members);
    }

    /// <summary>Writes the canonical form; null, or why there is none.</summary>
    public Refusal? Run(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            return new Refusal(ErrorCodes.BadUtf8, "The text is not UTF-8: send UTF-8 without a byte order mark.");
        }

        // One level more than is allowed, so that this pass and not the reader says what is wrong.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = CanonicalJson.MaxDepth + 1 });
        try
        {
            while (reader.Read())
            {
                if (Token(ref reader) is { } refusal)
                {
                    return refusal;
                }
            }

            return null;
        }
        catch (JsonException e)
        {
            return new Refusal(ErrorCodes.NotJson, $"The text is not JSON: it breaks in line {e.LineNumber + 1} at byte {e.BytePositionInLine + 1} of it.");
        }
    }

    private Refusal? Token(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                return BeginMember(ref reader);
            case JsonTokenType.StartObject:
                return Open(isObject: true);
            case JsonTokenType.StartArray:
                return Open(isObject: false);
            case JsonTokenType.EndObject:
            case JsonTokenType.EndArray:
                return Close();
            case JsonTokenType.Null:
                BeginValue();
                return new Refusal(ErrorCodes.NullValue, $"{Path()} is null: leave the field out instead.");
            case JsonTokenType.Number:
                BeginValue();
                return Number(reader.ValueSpan) ?? EndValue();
            case JsonTokenType.String:
                BeginValue();
                return WriteText(ref reader) ?? EndValue();
            default:
                BeginValue();
                Write(reader.ValueSpan);
                return EndValue();
        }
    }

    private Refusal? Open(bool isObject)
    {
        BeginValue();
        if (depth == CanonicalJson.MaxDepth)
        {
            return new Refusal(ErrorCodes.TooDeep, $"Arrays and objects are nested deeper than {CanonicalJson.MaxDepth} levels: make the object flatter.");
        }

        frames[depth++] = new Frame { IsObject = isObject, FirstMember = membersUsed, FirstKey = keysUsed, Start = written + 1 };
        Write(isObject ? (byte)'{' : (byte)'[');
        return null;
    }

    private Refusal? Close()
    {
        ref var frame = ref frames[depth - 1];
        if (frame.IsObject)
        {
            var own = members.AsSpan(frame.FirstMember..membersUsed);
            if (!Sort(own, frame.Start, out var twice))
            {
                return new Refusal(ErrorCodes.DuplicateKey, $"The key {JsonPath.Shown(Key(own[twice]))} stands twice in one object: keep one.");
            }

            membersUsed = frame.FirstMember;
            keysUsed = frame.FirstKey;
        }

        Write(frame.IsObject ? (byte)'}' : (byte)']');
        depth--;
        return EndValue();
    }

    private Refusal? BeginMember(ref Utf8JsonReader reader)
    {
        if (!TryCopy(ref reader, keys.AsSpan(keysUsed), out var length))
        {
            return HalfCharacter();
        }

        ref var frame = ref frames[depth - 1];
        if (frame.Count++ > 0)
        {
            Write((byte)',');
        }

        if (membersUsed == members.Length)
        {
            var larger = ArrayPool<Member>.Shared.Rent(members.Length * 2);
            members.CopyTo(larger, 0);
            ArrayPool<Member>.Shared.Return(members);
            members = larger;
        }

        members[membersUsed++] = new Member { KeyStart = keysUsed, KeyLength = length, Start = written };
        keysUsed += length;
        var refusal = WriteText(ref reader);
        Write((byte)':');
        return refusal;
    }

    private void BeginValue()
    {
        if (depth > 0 && !frames[depth - 1].IsObject && frames[depth - 1].Count++ > 0)
        {
            Write((byte)',');
        }
    }

    /// <summary>A value is complete; if it is a member's, so is the member. Always null, so that it reads in one line.</summary>
    private readonly Refusal? EndValue()
    {
        if (depth > 0 && frames[depth - 1].IsObject)
        {
            ref var member = ref members[membersUsed - 1];
            member.Length = written - member.Start;
        }

        return null;
    }

    private Refusal? Number(ReadOnlySpan<byte> digits)
    {
        if (digits.ContainsAny((byte)'.', (byte)'e', (byte)'E'))
        {
            return new Refusal(
                ErrorCodes.Fraction,
                $"{Path()} is a number with a fraction or an exponent: fractions are written as decimal strings, like \"0.1\".");
        }

        var magnitude = digits[0] == '-' ? digits[1..] : digits;
        long value = 0;
        foreach (var digit in magnitude)
        {
            value = (value * 10) + (digit - '0');
            if (value > CanonicalJson.MaxInteger)
            {
                return new Refusal(ErrorCodes.IntegerRange, $"{Path()} is an integer beyond 2^53: write larger ones as strings.");
            }
        }

        Write(value == 0 ? "0"u8 : digits);
        return null;
    }

    private Refusal? WriteText(ref Utf8JsonReader reader)
    {
        Write((byte)'"');
        if (!reader.ValueIsEscaped)
        {
            Write(reader.ValueSpan);
        }
        else
        {
            var scratch = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
            try
            {
                if (!TryCopy(ref reader, scratch, out var length))
                {
                    return HalfCharacter();
                }

                written += CanonicalText.Escape(scratch.AsSpan(0, length), output.AsSpan(written));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(scratch);
            }
        }

        Write((byte)'"');
        return null;
    }

    private readonly Refusal HalfCharacter() =>
        new(ErrorCodes.BadUtf8, $"A string near {Path()} has a \\u escape of half a surrogate pair: escape whole characters.");

    private static bool TryCopy(ref Utf8JsonReader reader, Span<byte> destination, out int length)
    {
        try
        {
            length = reader.CopyString(destination);
            return true;
        }
        catch (InvalidOperationException)
        {
            // How the reader says that an escape is half of a surrogate pair; the bytes themselves were checked before.
            length = 0;
            return false;
        }
    }

    /// <summary>Puts an object's members in order; false, and where, when a key stands twice.</summary>
    private readonly bool Sort(Span<Member> own, int start, out int twice)
    {
        twice = -1;
        var ordered = true;
        for (var i = 1; i < own.Length && ordered; i++)
        {
            ordered = CanonicalText.CompareKeys(Key(own[i - 1]), Key(own[i])) < 0;
        }

        if (ordered)
        {
            return true;
        }

        SortBy(own, keys);
        for (var i = 1; i < own.Length; i++)
        {
            if (Key(own[i - 1]).SequenceEqual(Key(own[i])))
            {
                twice = i;
                return false;
            }
        }

        Rewrite(own, start);
        return true;
    }

    // By itself, so that the closure is made only for objects that are out of order.
    private static void SortBy(Span<Member> own, byte[] keys) => own.Sort((a, b) => CanonicalText.CompareKeys(a.KeyIn(keys), b.KeyIn(keys)));

    private readonly void Rewrite(ReadOnlySpan<Member> own, int start)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(written - start);
        output.AsSpan(start, written - start).CopyTo(scratch);
        var at = start;
        for (var i = 0; i < own.Length; i++)
        {
            if (i > 0)
            {
                output[at++] = (byte)',';
            }

            scratch.AsSpan(own[i].Start - start, own[i].Length).CopyTo(output.AsSpan(at));
            at += own[i].Length;
        }

        ArrayPool<byte>.Shared.Return(scratch);
    }

    private readonly ReadOnlySpan<byte> Key(Member member) => member.KeyIn(keys);

    private readonly string Path()
    {
        var path = new JsonPath();
        for (var i = 0; i < depth; i++)
        {
            var next = i + 1 < depth ? frames[i + 1].FirstMember : membersUsed;
            if (!frames[i].IsObject)
            {
                path.Add(frames[i].Count - 1);
            }
            else if (frames[i].Count > 0)
            {
                path.Add(Key(members[next - 1]));
            }
        }

        return path.ToString();
    }

    private void Write(byte b) => output[written++] = b;

    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(output.AsSpan(written));
        written += bytes.Length;
    }

    private struct Member
    {
        public int KeyStart;
        public int KeyLength;
        public int Start;
        public int Length;

        public readonly ReadOnlySpan<byte> KeyIn(byte[] keys) => keys.AsSpan(KeyStart, KeyLength);
    }

    private struct Frame
    {
        public bool IsObject;
        public int FirstMember;
        public int FirstKey;
        public int Start;
        public int Count;
    }

    [InlineArray(CanonicalJson.MaxDepth)]
    private struct FrameStack
    {
        private Frame first;
    }
}
