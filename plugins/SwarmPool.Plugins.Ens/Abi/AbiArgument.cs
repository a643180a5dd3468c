using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Abi;

/// <summary>An argument of a contract's function: a word of 32 bytes, or bytes of any length.</summary>
internal readonly record struct AbiArgument
{
    private AbiArgument(byte[] data, bool isBytes) => (Data, IsBytes) = (data, isBytes);

    public byte[] Data { get; }

    /// <summary>Whether its place holds an offset and the bytes follow behind.</summary>
    public bool IsBytes { get; }

    /// <summary>Exactly 32 bytes.</summary>
    public static AbiArgument Word(byte[] word) => new(word, isBytes: false);

    /// <summary>An address, at the end of its word.</summary>
    public static AbiArgument Address(EthAddress address)
    {
        var word = new byte[AbiCall.WordBytes];
        address.CopyTo(word.AsSpan(12));
        return new(word, isBytes: false);
    }

    /// <summary>A bytes4, at the beginning of its word.</summary>
    public static AbiArgument Selector(uint selector)
    {
        var word = new byte[AbiCall.WordBytes];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(word, selector);
        return new(word, isBytes: false);
    }

    /// <summary>A <c>bytes</c> or <c>string</c>.</summary>
    public static AbiArgument Bytes(byte[] bytes) => new(bytes, isBytes: true);
}
