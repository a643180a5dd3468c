using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using SwarmPool.Snapshots;

namespace SwarmPool.Transport;

/// <summary>
/// A content identifier: CIDv1, codec raw (0x55) or dag-pb (0x70), multihash sha2-256. Its text is base32 lower case
/// without padding behind the multibase prefix 'b' (59 characters). See multiformats/cid.
/// </summary>
/// <remarks>Immutable value; compares by bytes. <c>default</c> is no CID.</remarks>
[JsonConverter(typeof(CidJsonConverter))]
public readonly struct Cid : IEquatable<Cid>, IComparable<Cid>
{
    /// <summary>Multicodec of a raw block.</summary>
    public const byte RawCodec = 0x55;

    /// <summary>Multicodec of a dag-pb node: the root of content larger than one block.</summary>
    public const byte DagPbCodec = 0x70;

    private const int BinaryLength = 36;
    private const int TextLength = 59;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    private readonly ulong h0;
    private readonly ulong h1;
    private readonly ulong h2;
    private readonly ulong h3;

    /// <summary>Makes a CID from a codec and a 32-byte sha2-256 digest.</summary>
    /// <exception cref="ArgumentException">The codec is not raw or dag-pb, or the digest has not 32 bytes.</exception>
    public Cid(byte codec, ReadOnlySpan<byte> digest)
    {
        if (codec is not (RawCodec or DagPbCodec) || digest.Length != 32)
        {
            throw new ArgumentException("A CID here is raw or dag-pb over a 32-byte sha2-256 digest.", nameof(codec));
        }

        Codec = codec;
        h0 = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest);
        h1 = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest[8..]);
        h2 = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest[16..]);
        h3 = System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(digest[24..]);
    }

    /// <summary>The multicodec: <see cref="RawCodec"/>, <see cref="DagPbCodec"/>, or 0 for <c>default</c>.</summary>
    public byte Codec { get; }

    /// <summary>True for <c>default</c>.</summary>
    public bool IsEmpty => Codec == 0;

    /// <summary>The CID of a raw block: the hash of its bytes.</summary>
    public static Cid OfBlock(ReadOnlySpan<byte> block)
    {
        Span<byte> digest = stackalloc byte[32];
        SHA256.HashData(block, digest);
        return new Cid(RawCodec, digest);
    }

    /// <summary>Writes the 32 bytes of the digest.</summary>
    public void CopyDigestTo(Span<byte> destination)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination, h0);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination[8..], h1);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination[16..], h2);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(destination[24..], h3);
    }

    /// <summary>The binary CID: 01, codec, 12 20, digest (36 bytes).</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[BinaryLength];
        Write(bytes);
        return bytes;
    }

    /// <summary>Reads the base32 text; false for any other form, codec, hash or a text that is not canonical.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cid cid)
    {
        cid = default;
        if (text is not { Length: TextLength } || text[0] != 'b')
        {
            return false;
        }

        Span<byte> bytes = stackalloc byte[BinaryLength];
        uint buffer = 0;
        var bits = 0;
        var at = 0;
        foreach (var c in text.AsSpan(1))
        {
            var value = c switch { >= 'a' and <= 'z' => c - 'a', >= '2' and <= '7' => c - '2' + 26, _ => -1 };
            if (value < 0)
            {
                return false;
            }

            buffer = (buffer << 5) | (uint)value;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[at++] = (byte)(buffer >> bits);
            }
        }

        if ((buffer & ((1u << bits) - 1)) != 0 || bytes[0] != 1 || bytes[1] is not (RawCodec or DagPbCodec)
            || bytes[2] != 0x12 || bytes[3] != 0x20)
        {
            return false;
        }

        cid = new Cid(bytes[1], bytes[4..]);
        return true;
    }

    /// <summary>Reads the base32 text.</summary>
    /// <exception cref="FormatException">The text is not such a CID.</exception>
    public static Cid Parse(string text) =>
        TryParse(text, out var cid) ? cid : throw new FormatException($"'{text}' is not a CIDv1 in base32 (raw or dag-pb, sha2-256).");

    /// <summary>The base32 text; empty for <c>default</c>.</summary>
    public override string ToString()
    {
        if (IsEmpty)
        {
            return "";
        }

        return string.Create(TextLength, this, static (span, self) =>
        {
            Span<byte> bytes = stackalloc byte[BinaryLength];
            self.Write(bytes);
            span[0] = 'b';
            uint buffer = 0;
            var bits = 0;
            var at = 1;
            foreach (var b in bytes)
            {
                buffer = (buffer << 8) | b;
                for (bits += 8; bits >= 5;)
                {
                    bits -= 5;
                    span[at++] = Alphabet[(int)((buffer >> bits) & 31)];
                }
            }

            span[at] = Alphabet[(int)((buffer << (5 - bits)) & 31)];
        });
    }

    /// <summary>The short form for people: the first seven and last six characters, e.g. "bafkrei…7xq2ma".</summary>
    public string ToShortString()
    {
        var text = ToString();
        return text.Length == 0 ? "" : string.Concat(text.AsSpan(0, 7), "…", text.AsSpan(TextLength - 6));
    }

    /// <inheritdoc/>
    public bool Equals(Cid other) => Codec == other.Codec && h0 == other.h0 && h1 == other.h1 && h2 == other.h2 && h3 == other.h3;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Cid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Codec, h0, h1);

    /// <inheritdoc/>
    public int CompareTo(Cid other)
    {
        Span<byte> mine = stackalloc byte[BinaryLength];
        Span<byte> theirs = stackalloc byte[BinaryLength];
        Write(mine);
        other.Write(theirs);
        return mine.SequenceCompareTo(theirs);
    }

    private void Write(Span<byte> bytes)
    {
        bytes[0] = 1;
        bytes[1] = Codec;
        bytes[2] = 0x12;
        bytes[3] = 0x20;
        CopyDigestTo(bytes[4..]);
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Cid left, Cid right) => left.Equals(right);

    /// <summary>Other bytes.</summary>
    public static bool operator !=(Cid left, Cid right) => !left.Equals(right);
}
