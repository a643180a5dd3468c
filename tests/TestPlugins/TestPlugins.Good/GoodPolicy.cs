using System.Globalization;
using SwarmPool.Settlement;

namespace TestPlugins.Good;

/// <summary>Its name tells which version of its private dependency it runs on, its version how many were made under the same statics.</summary>
internal sealed class GoodPolicy : ISettlementPolicy, IDisposable
{
    private static int made;

    public string Name { get; } = $"json {typeof(Newtonsoft.Json.JsonConvert).Assembly.GetName().Version?.Major}";

    public string Version { get; } = Interlocked.Increment(ref made).ToString(CultureInfo.InvariantCulture);

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) =>
        throw new NotSupportedException("This policy is only ever composed.");

    public void Dispose() => Interlocked.Decrement(ref made);
}
