using System.Security.Cryptography;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Load;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Benchmarks.Suites;

/// <summary>An epoch settled by the policy that ships, three jobs a miner.</summary>
[MemoryDiagnoser]
public class SettlementSuite
{
    private ISettlementPolicy policy = null!;
    private EpochLedger ledger = null!;

    [Params(1_000, 100_000)]
    public int Miners { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var builder = SwarmPoolBuilder.Create();
        builder.UseSettlement7525();
        policy = builder.Build().Services.GetRequiredService<ISettlementPolicy>();
        ledger = new EpochLedger("epoch-1", 1, PayeeOf(Crowd.Pool), [.. Enumerable.Range(0, Miners * 3).Select(Entry)]);
    }

    [Benchmark]
    public SettlementOutcome Settle() => policy.Settle(ledger, "");

    private LedgerEntry Entry(int number)
    {
        var cid = Cid.OfBlock(BitConverter.GetBytes(number));
        return new LedgerEntry(cid, cid, PayeeOf(Crowd.Miner(number % Miners)), (MiningMode)(number % 2), Usdc.FromMicro(10_000 + number), 1_700_000_000_000);
    }

    private static Payee PayeeOf(EnsName name) => new(name, new EthAddress(SHA256.HashData(Encoding.UTF8.GetBytes(name.Text)).AsSpan(0, 20)));
}
