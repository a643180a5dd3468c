using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using SwarmPool.Identity;
using SwarmPool.Plugins.Ens.Abi;
using SwarmPool.Plugins.Ens.Names;

namespace SwarmPool.EnsChain;

/// <summary>A chain with ENS on it: a registry and a public resolver, whose root belongs to the first of the node's accounts.</summary>
public sealed class EnsChain : IAsyncDisposable
{
    private const uint SetSubnodeRecord = 0x5ef2c7f0;
    private const uint SetAddr = 0xd5fa2b00;
    private const uint SetText = 0x10f13a8c;
    private const uint SetContenthash = 0x304e6ade;

    // One transaction of the owner's after the other: two at once would take the same nonce.
    private readonly SemaphoreSlim gate = new(1, 1);
    private int nonce;

    private EnsChain(AnvilNode node) => Node = node;

    /// <summary>The node.</summary>
    public AnvilNode Node { get; }

    /// <summary>The chain's network, "eip155:31337".</summary>
    public static string Network => "eip155:31337";

    /// <summary>The registry's address.</summary>
    public EthAddress Registry { get; private set; }

    /// <summary>The public resolver's address.</summary>
    public EthAddress Resolver { get; private set; }

    /// <summary>The Universal Resolver's address.</summary>
    public EthAddress UniversalResolver { get; private set; }

    /// <summary>The first of the node's accounts: it owns every name.</summary>
    public EthAddress Owner { get; private set; }

    /// <summary>Starts a node and puts ENS on it.</summary>
    public static async Task<EnsChain> StartAsync()
    {
        var chain = new EnsChain(await AnvilNode.StartAsync());
        try
        {
            await chain.FillAsync();
            return chain;
        }
        catch
        {
            await chain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Deploys the resolver for all names below its own.</summary>
    public Task<EthAddress> DeployWildcardAsync() => DeployAsync(ContractCode.Of("WildcardResolver"));

    /// <summary>Deploys the resolver that answers as none should.</summary>
    public Task<EthAddress> DeployHostileAsync(int mode) => DeployAsync(ContractCode.Of("HostileResolver"), Number(mode));

    /// <summary>Deploys the account that is a contract.</summary>
    public Task<EthAddress> DeployWalletAsync(EthAddress owner, int mode = 0) =>
        DeployAsync(ContractCode.Of("SmartWallet"), AbiArgument.Address(owner), Number(mode));

    /// <summary>Deploys the resolver whose answers lie outside the chain.</summary>
    public Task<EthAddress> DeployOffchainAsync(int mode, string url) =>
        DeployAsync(ContractCode.Of("OffchainResolver"), Number(mode), AbiArgument.Bytes(Encoding.UTF8.GetBytes(url)));

    /// <summary>Registers a name, and all above it that are missing, with a resolver; the zero address for none.</summary>
    public async Task RegisterAsync(EnsName name, EthAddress resolver)
    {
        var labels = name.Text.Split('.');
        var parent = new byte[32];
        var calls = new List<byte[]>();
        var nodes = NameEncoding.NodesToRoot(name);
        for (var i = labels.Length - 1; i >= 0; i--)
        {
            var label = new byte[32];
            Keccak.Hash(Encoding.ASCII.GetBytes(labels[i]), label);
            if (i == 0 || !await ExistsAsync(nodes[i]))
            {
                calls.Add(AbiCall.Encode(SetSubnodeRecord, AbiArgument.Word(parent), AbiArgument.Word(label), AbiArgument.Address(Owner), AbiArgument.Address(i == 0 ? resolver : default), Number(0)));
            }

            parent = nodes[i];
        }

        await SendAsync(Registry, calls);
    }

    /// <summary>Registers a name at the public resolver, points it at an account, and sets text records.</summary>
    public async Task<EnsName> RegisterAsync(string text, EthAddress account, params (string Key, string Value)[] texts)
    {
        var name = EnsName.Parse(text);
        var node = NameEncoding.NodesToRoot(name)[0];
        await RegisterAsync(name, Resolver);
        var calls = texts.Select(record => AbiCall.Encode(SetText, AbiArgument.Word(node), AbiArgument.Bytes(Encoding.UTF8.GetBytes(record.Key)), AbiArgument.Bytes(Encoding.UTF8.GetBytes(record.Value))));
        await SendAsync(Resolver, [AbiCall.Encode(SetAddr, AbiArgument.Word(node), AbiArgument.Address(account)), .. calls]);
        return name;
    }

    /// <summary>Sets the contenthash of a name at the public resolver.</summary>
    public Task SetContenthashAsync(EnsName name, byte[] contenthash) =>
        SendAsync(Resolver, [AbiCall.Encode(SetContenthash, AbiArgument.Word(NameEncoding.NodesToRoot(name)[0]), AbiArgument.Bytes(contenthash))]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Node.DisposeAsync();

    private async Task FillAsync()
    {
        var accounts = await Node.CallAsync("eth_accounts");
        Owner = EthAddress.Parse(accounts[0].GetString()!); // Of a chain that has just begun: its first transaction has nonce 0.
        Registry = await DeployAsync(ContractCode.Registry);
        Resolver = await DeployAsync(ContractCode.PublicResolver, AbiArgument.Address(Registry));
        UniversalResolver = await DeployAsync(ContractCode.Of("UniversalResolver"), AbiArgument.Address(Registry));
    }

    private static AbiArgument Number(int number)
    {
        var word = new byte[32];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(word.AsSpan(28), number);
        return AbiArgument.Word(word);
    }

    private async Task<bool> ExistsAsync(byte[] node)
    {
        const uint RecordExists = 0xf79fe538;
        var answer = await Node.CallAsync("eth_call", Call(Registry, AbiCall.Encode(RecordExists, AbiArgument.Word(node))), "latest");
        return answer.GetString()!.EndsWith('1');
    }

    private async Task<EthAddress> DeployAsync(string code, params AbiArgument[] arguments)
    {
        var encoded = Convert.ToHexStringLower(AbiCall.Encode(0, arguments).AsSpan(AbiCall.SelectorBytes));
        var receipts = await SendAsync([new JsonObject { ["data"] = code + encoded, ["gas"] = "0x1000000" }]);
        return EthAddress.Parse(receipts[0].GetProperty("contractAddress").GetString()!);
    }

    private async Task SendAsync(EthAddress to, IEnumerable<byte[]> calls) => await SendAsync(calls.Select(call => Call(to, call)));

    private async Task<List<JsonElement>> SendAsync(IEnumerable<JsonObject> transactions)
    {
        var receipts = new List<JsonElement>();
        await gate.WaitAsync();
        try
        {
            foreach (var transaction in transactions)
            {
                transaction["from"] = Owner.ToString();
                transaction["nonce"] = $"0x{nonce:x}";
                var hash = await Node.CallAsync("eth_sendTransaction", transaction);
                nonce++;
                receipts.Add(await ReceiptAsync(hash));
            }
        }
        finally
        {
            gate.Release();
        }

        return receipts;
    }

    private static JsonObject Call(EthAddress to, byte[] data) => new() { ["to"] = to.ToString(), ["data"] = "0x" + Convert.ToHexStringLower(data) };

    // The node mines a transaction when it comes, and may answer a little earlier.
    private async Task<JsonElement> ReceiptAsync(JsonElement hash)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
        {
            var receipt = await Node.CallAsync("eth_getTransactionReceipt", hash.GetString());
            if (receipt.ValueKind == JsonValueKind.Object)
            {
                return receipt.GetProperty("status").GetString() == "0x1" ? receipt : throw new InvalidOperationException($"A transaction failed: {receipt}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        throw new InvalidOperationException("A transaction was not mined within a minute.");
    }
}
