using System.Text;
using SwarmPool.Plugins.Ens.Abi;

namespace SwarmPool.Plugins.Ens.Names;

/// <summary>The functions of registry and resolvers that are called, by their selectors.</summary>
internal static class ResolverCalls
{
    /// <summary>ENSIP-10's interface and, since it has one function, that function: <c>resolve(bytes name, bytes call)</c>.</summary>
    public const uint Resolve = 0x9061b923;

    private const uint ResolverOf = 0x0178b8bf;
    private const uint SupportsInterface = 0x01ffc9a7;
    private const uint Addr = 0x3b3b57de;
    private const uint Text = 0x59d1d43c;
    private const uint Contenthash = 0xbc1c58d1;

    /// <summary>Asks the registry for a node's resolver.</summary>
    public static byte[] ResolverOfNode(byte[] node) => AbiCall.Encode(ResolverOf, AbiArgument.Word(node));

    /// <summary>Asks a resolver whether it answers for names below its own.</summary>
    public static byte[] IsExtended { get; } = AbiCall.Encode(SupportsInterface, AbiArgument.Selector(Resolve));

    public static byte[] AddrOf(byte[] node) => AbiCall.Encode(Addr, AbiArgument.Word(node));

    public static byte[] ContenthashOf(byte[] node) => AbiCall.Encode(Contenthash, AbiArgument.Word(node));

    public static byte[] TextOf(byte[] node, string key) =>
        AbiCall.Encode(Text, AbiArgument.Word(node), AbiArgument.Bytes(Encoding.ASCII.GetBytes(key)));

    /// <summary>The same asked of a resolver that answers for many names.</summary>
    public static byte[] Extended(byte[] dnsName, byte[] call) => AbiCall.Encode(Resolve, AbiArgument.Bytes(dnsName), AbiArgument.Bytes(call));
}
