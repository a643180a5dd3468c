using System.Globalization;
using System.Text.Json;
using SwarmPool.Identity;

namespace SwarmPool.Plugins.Ens.Rpc;

/// <summary>One call of a JSON-RPC batch.</summary>
internal sealed record ChainRpcCall(string Method, Action<Utf8JsonWriter>? Parameters = null)
{
    /// <summary>What one contract call may burn on the node. A proof of an answer from outside the chain takes a few millions; an endless loop ends here.</summary>
    private const string Gas = "0xe4e1c0";

    public static ChainRpcCall ChainId { get; } = new("eth_chainId");

    public static ChainRpcCall BlockNumber { get; } = new("eth_blockNumber");

    public static ChainRpcCall Header(string tag) => new("eth_getBlockByNumber", writer =>
    {
        writer.WriteStringValue(tag);
        writer.WriteBooleanValue(false);
    });

    /// <summary>Runs a contract's code at a block, changing nothing.</summary>
    public static ChainRpcCall Read(EthAddress to, byte[] data, long block) => new("eth_call", writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("to", to.ToString());
        writer.WriteString("data", "0x" + Convert.ToHexStringLower(data));
        writer.WriteString("gas", Gas);
        writer.WriteEndObject();
        writer.WriteStringValue(Hex(block));
    });

    /// <summary>A contract's code at a block; empty for an account without.</summary>
    public static ChainRpcCall Code(EthAddress address, long block) => new("eth_getCode", writer =>
    {
        writer.WriteStringValue(address.ToString());
        writer.WriteStringValue(Hex(block));
    });

    public static string Hex(long number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");
}
