using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Transport;

// The contracts as a settlement plugin of 0.0.9 saw them: signatures only, since a plugin is compiled against these and
// runs on the host's. Frozen: a change that a plugin of then would notice makes the test that loads one fail.
namespace SwarmPool.Plugins
{
    public interface ISwarmPoolPlugin
    {
        void Configure(ISwarmPoolBuilder builder, IConfigurationSection section);
    }

    public interface ISwarmPoolBuilder
    {
        IServiceCollection Services { get; }

        IConfiguration Configuration { get; }

        string BaseDirectory { get; }

        ISwarmPoolBuilder Fill<TSlot>(string filledBy, Func<IServiceProvider, TSlot> factory)
            where TSlot : class;
    }

    [AttributeUsage(AttributeTargets.Assembly)]
    public sealed class SwarmPoolPluginAttribute(Type pluginType) : Attribute
    {
        public Type PluginType { get; } = pluginType;
    }
}

namespace SwarmPool.Identity
{
    public readonly record struct EnsName
    {
        public string Text => throw new NotSupportedException();
    }

    public readonly struct EthAddress
    {
    }
}

namespace SwarmPool.Transport
{
    public readonly struct Cid
    {
    }
}

namespace SwarmPool.Settlement
{
    public readonly record struct Usdc
    {
        public long Micro => throw new NotSupportedException();
    }

    public enum MiningMode
    {
        SOLO = 0,
        PPS,
    }

    public sealed record EpochLedger(string EpochId, long Number, Payee Operations, IReadOnlyList<LedgerEntry> Entries)
    {
        public Usdc Volume => throw new NotSupportedException();
    }

    public sealed record LedgerEntry(Cid Job, Cid Proof, Payee Miner, MiningMode Mode, Usdc Price, long DecidedAt);

    public readonly record struct Payee(EnsName Name, EthAddress Address);

    public sealed record Payout(Payee To, Usdc Amount);

    public sealed record Settlement(Usdc Operations, IReadOnlyList<Payout> Miners);

    public interface ISettlementPolicy
    {
        string Name { get; }

        string Version { get; }

        SettlementOutcome Settle(EpochLedger ledger, string policyState);
    }

    public sealed record SettlementOutcome(Settlement Settlement, string PolicyState);
}
