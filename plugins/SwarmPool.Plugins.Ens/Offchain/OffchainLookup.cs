using System.Buffers.Binary;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;

namespace SwarmPool.Plugins.Ens.Offchain;

/// <summary>What a contract reverts with when its answer lies outside the chain (EIP-3668).</summary>
/// <param name="Sender">The contract; anything else than the one that was called is a trick.</param>
/// <param name="Urls">Where to ask, as templates with {sender} and {data}.</param>
/// <param name="CallData">What to ask.</param>
/// <param name="Callback">The function that checks the answer.</param>
/// <param name="ExtraData">What that function wants back.</param>
internal sealed record OffchainLookup(EthAddress Sender, IReadOnlyList<string> Urls, byte[] CallData, uint Callback, byte[] ExtraData)
{
    private const uint Selector = 0x556f1830;
    private const int MaxUrls = 8;

    public static bool Is(ReadOnlySpan<byte> revert) =>
        revert.Length >= AbiCall.SelectorBytes && BinaryPrimitives.ReadUInt32BigEndian(revert) == Selector;

    /// <summary>Null when it does not have that form.</summary>
    public static OffchainLookup? Parse(ReadOnlySpan<byte> revert)
    {
        var reader = new AbiReader(revert[AbiCall.SelectorBytes..]);
        return reader.TryAddress(0, out var sender) && reader.TryTexts(1, MaxUrls, out var urls) && reader.TryBytes(2, out var callData)
            && reader.TrySelector(3, out var callback) && reader.TryBytes(4, out var extraData)
                ? new OffchainLookup(sender, urls, callData.ToArray(), callback, extraData.ToArray())
                : null;
    }

    /// <summary>The call that hands the answer to the contract.</summary>
    public byte[] CallbackWith(byte[] answer) => AbiCall.Encode(Callback, AbiArgument.Bytes(answer), AbiArgument.Bytes(ExtraData));
}
