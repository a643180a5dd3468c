using System.Globalization;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Auditing;

/// <summary>What a pool's records say of one name: the accounts that signed in it, the contracts that were asked, where it was paid.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NameHistory
{
    private readonly Dictionary<EthAddress, Signed> accounts = [];
    private readonly HashSet<EthAddress> payees = [];

    // Each delegation, since it moves a client's money; of the rest one a contract says whether it is one at all.
    private readonly List<ContractSignature> delegations = [];
    private readonly Dictionary<EthAddress, ContractSignature> words = [];

    /// <summary>The money that it pays and is paid, in micro-USDC.</summary>
    public Int128 Micro { get; private set; }

    public void Sign(long sequence, SignedSnapshot snapshot, NameFact signer)
    {
        accounts[signer.Account] = accounts.TryGetValue(signer.Account, out var before) ? before with { Messages = before.Messages + 1 } : new Signed(sequence, 1);
        if (signer.ByContract == true && SnapshotSignature.TryReadForContract(snapshot, out var hash, out var signature))
        {
            var word = new ContractSignature(sequence, snapshot.Body.Type, signer.Account, hash, signature);
            if (snapshot.Body is DelegationSnapshot)
            {
                delegations.Add(word);
            }
            else
            {
                words[signer.Account] = word;
            }
        }
    }

    public void Pay(EthAddress payee, Usdc amount)
    {
        payees.Add(payee);
        Weigh(amount);
    }

    /// <summary>So much of its money, or of money to it, stands on what was recorded of it.</summary>
    public void Weigh(Usdc amount) => Micro += amount.Micro;

    /// <summary>What of it is not so today, a line each; Known is false when the name, or a contract of its, can't be asked now.</summary>
    public async Task<(bool Known, IReadOnlyList<string> Changes)> AskAsync(EnsName name, NameCache names, AuditTimeBudget patience, CancellationToken cancellationToken)
    {
        var answer = await names.ResolveAsync(name, cancellationToken);
        if (answer.Status != IdentityStatus.Known)
        {
            return answer.Status == IdentityStatus.Unavailable ? (false, []) : (true, [$"{name} is not known today: {answer.Detail}"]);
        }

        var known = true;
        List<string> changes = [.. Signatures(name, answer), .. Payments(name, answer)];
        foreach (var word in delegations.Concat(words.Values))
        {
            if (patience.IsOver)
            {
                return (false, changes);
            }

            var today = await names.AskContractAsync(word.Account, word.Hash, word.Signature, cancellationToken);
            known &= today.Status != ContractStatus.Unavailable;
            if (today.Status is ContractStatus.NoContract or ContractStatus.Refused)
            {
                changes.Add(Text($"{name} signed the {word.Type} of record {word.Sequence} as the contract {word.Account}, {(today.Status == ContractStatus.NoContract ? "which is not a contract" : $"which does not take it today: {today.Detail}")}"));
            }
        }

        return (known, changes);
    }

    private IEnumerable<string> Signatures(EnsName name, IdentityAnswer answer) => accounts
        .Where(account => !answer.Accounts.Contains(account.Key))
        .Select(account => Text($"{name} signed with {account.Key}, which is not one of its accounts today (record {account.Value.First}, {(account.Value.Messages == 1 ? "that one only" : $"the first of {account.Value.Messages}")})"));

    private IEnumerable<string> Payments(EnsName name, IdentityAnswer answer) => payees
        .Where(payee => payee != answer.Payout && (answer.Payout is not null || !answer.Accounts.Contains(payee)))
        .Select(payee => $"{name} was paid at {payee}; today it is paid at {(answer.Payout ?? answer.Accounts[0])}");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Signed(long First, long Messages);

    /// <summary>A signature that was taken because a contract took it.</summary>
    private sealed record ContractSignature(long Sequence, string Type, EthAddress Account, byte[] Hash, byte[] Signature);
}
