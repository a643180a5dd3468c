using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;
using SwarmPool.Snapshots;

namespace SwarmPool.Identity;

/// <summary>A 20-byte Ethereum account address. Its text is 0x and 40 lower-case hex digits; any case is read.</summary>
/// <remarks>Immutable value; compares by bytes.</remarks>
[JsonConverter(typeof(EthAddressJsonConverter))]
public readonly struct EthAddress : IEquatable<EthAddress>, IComparable<EthAddress>
{
    private readonly ulong a;
    private readonly ulong b;
    private readonly uint c;

    /// <summary>Makes an address from exactly 20 bytes.</summary>
    /// <exception cref="ArgumentException">Not 20 bytes.</exception>
    public EthAddress(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 20)
        {
            throw new ArgumentException($"An address has 20 bytes, not {bytes.Length}.", nameof(bytes));
        }

        a = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes);
        b = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        c = System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination, a);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination[8..], b);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(destination[16..], c);
    }

    /// <summary>Reads 0x and 40 hex digits of any case, as programs write them; what people write, <see cref="TryParseTyped"/> reads.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out EthAddress address)
    {
        address = default;
        Span<byte> bytes = stackalloc byte[20];
        if (text is not { Length: 42 } || text[0] != '0' || text[1] is not ('x' or 'X')
            || Convert.FromHexString(text.AsSpan(2), bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            return false;
        }

        address = new EthAddress(bytes);
        return true;
    }

    /// <summary>Reads 0x and 40 hex digits of any case.</summary>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static EthAddress Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an address: 0x and 40 hex digits.");

    /// <summary>
    /// Reads an address that a person wrote, where a slip costs money: mixed case has to be the checksum of EIP-55, and zero is nobody's.
    /// </summary>
    /// <param name="text">0x and 40 hex digits: all of one case, or of the checksum's.</param>
    /// <param name="address">The address.</param>
    /// <param name="problem">What is wrong with it, as the rest of a sentence that begins with what it is: "is not an address: …".</param>
    public static bool TryParseTyped([NotNullWhen(true)] string? text, out EthAddress address, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        if (!TryParse(text, out address) || address == default)
        {
            problem = "is not an address: 0x and 40 hex digits, not all zero";
        }
        else if (text.AsSpan(2).ContainsAnyInRange('a', 'f') && text.AsSpan(2).ContainsAnyInRange('A', 'F')
            && address.ToChecksumString() is var spelled && !text.AsSpan(2).SequenceEqual(spelled.AsSpan(2)))
        {
            problem = $"has a wrong checksum: a digit is wrong, or a letter's case (EIP-55). Copy it again; if every digit is right it is spelled {spelled}";
        }

        if (problem is not null)
        {
            address = default;
        }

        return problem is null;
    }

    /// <summary>0x and 40 hex digits whose capitals are the checksum of EIP-55, as wallets show it, so that a slip is seen.</summary>
    public string ToChecksumString()
    {
        var text = ToString().ToCharArray();
        AddressChecksum.Apply(text.AsSpan(2));
        return new string(text);
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[20];
        CopyTo(bytes);
        return "0x" + Convert.ToHexStringLower(bytes);
    }

    /// <inheritdoc/>
    public bool Equals(EthAddress other) => a == other.a && b == other.b && c == other.c;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EthAddress other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(a, b, c);

    /// <inheritdoc/>
    public int CompareTo(EthAddress other)
    {
        var first = a.CompareTo(other.a);
        if (first != 0)
        {
            return first;
        }

        var second = b.CompareTo(other.b);
        return second != 0 ? second : c.CompareTo(other.c);
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(EthAddress left, EthAddress right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(EthAddress left, EthAddress right) => !left.Equals(right);
}
