using System.Text.Json;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>A ledger and what a policy gave for it, as lines.</summary>
internal static class LedgerLines
{
    /// <summary>Writes what is to be settled.</summary>
    public static void Write(PolicyLines lines, EpochLedger ledger, string policyState)
    {
        lines.Write(
            new PolicyRequest(ledger.EpochId, ledger.Number, ledger.Operations, ledger.Declared, policyState, ledger.Entries.Count, ledger.Earlier.Count, ledger.Checks.Count), PolicyJson.Default.PolicyRequest);
        foreach (var entry in ledger.Entries)
        {
            lines.Write(new PolicyEntry(entry.Job, entry.Proof, entry.Miner, entry.Mode, entry.Price.Micro, entry.DecidedAt), PolicyJson.Default.PolicyEntry);
        }

        foreach (var payee in ledger.Earlier)
        {
            lines.Write(payee, PolicyJson.Default.Payee);
        }

        foreach (var check in ledger.Checks)
        {
            lines.Write(new PolicyCheck(check.Job, check.Checker, check.Fee.Micro, check.DecidedAt), PolicyJson.Default.PolicyCheck);
        }

        lines.Flush();
    }

    /// <summary>Reads it, from its first line on.</summary>
    /// <param name="request">The first line.</param>
    /// <param name="next">Gives the next.</param>
    public static EpochLedger Read(PolicyRequest request, Func<ReadOnlyMemory<byte>> next)
    {
        var entries = new LedgerEntry[request.Entries];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = PolicyLines.Parse(next(), PolicyJson.Default.PolicyEntry);
            entries[i] = new LedgerEntry(entry.Job, entry.Proof, entry.Miner, entry.Mode, Usdc.FromMicro(entry.Micro), entry.DecidedAt);
        }

        var earlier = new Payee[request.Earlier];
        for (var i = 0; i < earlier.Length; i++)
        {
            earlier[i] = PolicyLines.Parse(next(), PolicyJson.Default.Payee);
        }

        var checks = new CheckEntry[request.Checks];
        for (var i = 0; i < checks.Length; i++)
        {
            var check = PolicyLines.Parse(next(), PolicyJson.Default.PolicyCheck);
            checks[i] = new CheckEntry(check.Job, check.Checker, Usdc.FromMicro(check.Micro), check.DecidedAt);
        }

        return new EpochLedger(request.EpochId, request.Number, request.Operations, entries) { Earlier = earlier, Declared = request.Declared, Checks = checks };
    }

    /// <summary>Writes what a policy gave. The process that wrote it may say anything: the check comes later.</summary>
    public static void Write(PolicyLines lines, SettlementOutcome outcome)
    {
        var (miners, declared) = (outcome.Settlement.Miners, outcome.Settlement.Declared);
        lines.Write(new PolicyAnswer(Settled: new(outcome.Settlement.Operations.Micro, outcome.PolicyState, miners.Count, declared.Count)), PolicyJson.Default.PolicyAnswer);
        foreach (var payout in miners.Concat(declared))
        {
            lines.Write(new PolicyPayout(payout.To, payout.Amount.Micro), PolicyJson.Default.PolicyPayout);
        }

        lines.Flush();
    }

    /// <summary>Reads it, from its first line on.</summary>
    /// <exception cref="JsonException">It is more than there can be, or nothing of the kind.</exception>
    public static SettlementOutcome Read(PolicyLines lines, PolicySettled settled, EpochLedger ledger)
    {
        // One more than right is let through, for the check to name.
        if (settled.Miners < 0 || settled.Miners > ledger.Entries.Count + ledger.Earlier.Count + 1 || settled.Declared < 0 || settled.Declared > ledger.Declared.Count + 1)
        {
            throw new JsonException("More payouts than there can be.");
        }

        var miners = Payouts(lines, settled.Miners);
        return new(new(Amount(settled.Operations), miners) { Declared = Payouts(lines, settled.Declared) }, settled.PolicyState);
    }

    private static Payout[] Payouts(PolicyLines lines, int count)
    {
        var payouts = new Payout[count];
        for (var i = 0; i < count; i++)
        {
            var payout = lines.Read(PolicyJson.Default.PolicyPayout);
            payouts[i] = new Payout(payout.To, Amount(payout.Micro));
        }

        return payouts;
    }

    private static Usdc Amount(long micro) => micro >= 0 ? Usdc.FromMicro(micro) : throw new JsonException("An amount is negative.");
}
