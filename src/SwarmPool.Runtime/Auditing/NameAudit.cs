using System.Globalization;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Settlement;
using SwarmPool.Identity;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Auditing;

/// <summary>
/// Remembers every account that each name signed with, every contract whose word was taken for it, and everywhere it was paid, and asks
/// whether that is so today. Every one, not the last: a true one that comes after must not hide one that was made up.
/// </summary>
/// <param name="time">The clock, for patience.</param>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NameAudit(TimeProvider time)
{
    private const int AtATime = 64;

    private readonly Dictionary<EnsName, NameHistory> names = [];

    /// <summary>The stake that the pool asks of miners, by the settings that are in force.</summary>
    public Usdc StakeAsked { get; set; }

    public void Hear(PoolRecord record)
    {
        foreach (var started in record.Events.OfType<PoolStarted>())
        {
            StakeAsked = started.Settings.MinMinerStake;
        }

        // By a session key the account is not the name's: the delegation, a record before, was signed by one that is.
        if (record is { Input: MessageInput { Snapshot: var snapshot }, Facts.Signer: { } signer })
        {
            if (signer.Delegation is null)
            {
                Of(snapshot.Body.Signer).Sign(record.Sequence, snapshot, signer);
            }

            if (snapshot.Body is RegistrationSnapshot && StakeAsked > Usdc.Zero)
            {
                Of(snapshot.Body.Signer).Register(record.Sequence, StakeAsked);
            }

            if (snapshot.Body is JobSnapshot job && names.TryGetValue(job.Client, out var client))
            {
                client.Weigh(job.Payment.Amount);
            }
        }

        foreach (var part in record.Events.OfType<JobDecided>().SelectMany(job => job.Parts))
        {
            Of(part.Miner).Pay(part.Payee, part.Price);
        }

        foreach (var check in record.Events.OfType<CheckDecided>().Where(static check => check.Fee > Usdc.Zero))
        {
            Of(check.Checker).Pay(check.Payee, check.Fee);
        }
    }

    /// <summary>Operations are paid by a name too, and so are declared payees, but for those that are addresses.</summary>
    public void Hear(EpochSnapshot epoch)
    {
        var operations = epoch.Settlements.Operations;
        Of(operations.Miner).Pay(operations.Address, operations.Amount);
        foreach (var item in (epoch.Settlements.Declared ?? []).Where(static item => !DeclaredPayee.IsNamedByAddress(EpochItems.PayeeOf(item))))
        {
            Of(item.Miner).Pay(item.Address, item.Amount);
        }
    }

    /// <summary>Asks. What has changed comes with what it is about the most money first, so that nothing great is buried under much that is small.</summary>
    public async Task<NameReport> AskAsync(NameCache cache, CancellationToken cancellationToken)
    {
        int same = 0, unavailable = 0, changes = 0;
        Int128 changed = 0, unasked = 0;
        var listed = new List<AuditRemark>();
        var patience = new AuditTimeBudget(time);
        foreach (var chunk in names.OrderByDescending(static name => name.Value.Micro).ThenBy(static name => name.Key).Chunk(AtATime))
        {
            if (patience.IsOver)
            {
                unavailable += chunk.Length;
                unasked += chunk.Aggregate((Int128)0, static (sum, name) => sum + name.Value.Micro);
                continue;
            }

            var answers = await Task.WhenAll(chunk.Select(name => name.Value.AskAsync(name.Key, cache, patience, cancellationToken)));
            foreach (var (now, name) in answers.Zip(chunk))
            {
                same += now is { Known: true, Changes.Count: 0 } ? 1 : 0;
                unavailable += now is { Known: false, Changes.Count: 0 } ? 1 : 0;
                unasked += now is { Known: false, Changes.Count: 0 } ? name.Value.Micro : 0;
                changes += now.Changes.Count;
                changed += now.Changes.Count > 0 ? name.Value.Micro : 0; // Whatever has changed of it, it is the same money.
                listed.AddRange(now.Changes.Take(AuditFindings.MaxListed - listed.Count));
            }
        }

        return new NameReport(names.Count, same, unavailable, listed)
        {
            ChangeCount = changes,
            ChangedMicroUsdc = RemarkList.Clamp(changed),
            UnavailableMicroUsdc = RemarkList.Clamp(unasked),
        };
    }

    private NameHistory Of(EnsName name)
    {
        if (!names.TryGetValue(name, out var heard))
        {
            names.Add(name, heard = new NameHistory());
        }

        return heard;
    }
}

/// <summary>
/// How long an audit asks the world about what strangers named: names and contents are theirs to make up by the million, and to make
/// slow to fetch. An audit ends all the same, and says what it did not ask.
/// </summary>
/// <remarks>Thread-safe; begins when it is made.</remarks>
internal sealed class AuditTimeBudget(TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly long since = time.GetTimestamp();

    public bool IsOver => time.GetElapsedTime(since) > Limit;
}

/// <summary>What a pool's records say of one name: the accounts that signed in it, the contracts that were asked, where it was paid.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NameHistory
{
    private readonly Dictionary<EthAddress, Signed> accounts = [];
    private readonly Dictionary<EthAddress, Int128> payees = [];
    private (long Sequence, Usdc Asked) registered;

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

    /// <summary>The most that was asked of it as a stake when it was taken as a miner.</summary>
    public void Register(long sequence, Usdc asked) => registered = registered.Sequence == 0 || asked > registered.Asked ? (sequence, asked) : registered;

    public void Pay(EthAddress payee, Usdc amount)
    {
        payees[payee] = payees.GetValueOrDefault(payee) + amount.Micro;
        Weigh(amount);
    }

    /// <summary>So much of its money, or of money to it, stands on what was recorded of it.</summary>
    public void Weigh(Usdc amount) => Micro += amount.Micro;

    /// <summary>What of it is not so today, a line each; Known is false when the name, or a contract of its, can't be asked now.</summary>
    public async Task<(bool Known, IReadOnlyList<AuditRemark> Changes)> AskAsync(EnsName name, NameCache names, AuditTimeBudget patience, CancellationToken cancellationToken)
    {
        var answer = await names.ResolveAsync(name, cancellationToken);
        if (answer.Status != IdentityStatus.Known)
        {
            return answer.Status is IdentityStatus.Unavailable or IdentityStatus.Disputed ? (false, []) : (true, [Remark(0, $"{name} is not known today: {answer.Detail}", Micro)]);
        }

        var known = true;
        List<AuditRemark> changes = [.. Signatures(name, answer), .. Payments(name, answer), .. Stake(name, answer)];
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
                changes.Add(Remark(
                    word.Sequence, $"{name} signed the {word.Type} as the contract {word.Account}, {(today.Status == ContractStatus.NoContract ? "which is not a contract" : $"which does not take it today: {today.Detail}")}", Micro));
            }
        }

        return (known, changes);
    }

    private IEnumerable<AuditRemark> Signatures(EnsName name, IdentityAnswer answer) => accounts
        .Where(account => !answer.Accounts.Contains(account.Key))
        .Select(account => Remark(
            account.Value.First,
            Text($"{name} signed with {account.Key}, which is not one of its accounts today{(account.Value.Messages == 1 ? "" : $": the first of {account.Value.Messages} messages")}"),
            Micro));

    private IEnumerable<AuditRemark> Payments(EnsName name, IdentityAnswer answer) => payees
        .Where(payee => payee.Key != answer.Payout && (answer.Payout is not null || !answer.Accounts.Contains(payee.Key)))
        .Select(payee => Remark(0, $"{name} was paid at {payee.Key}; today it is paid at {(answer.Payout ?? answer.Accounts[0])}", payee.Value));

    private IEnumerable<AuditRemark> Stake(EnsName name, IdentityAnswer answer)
    {
        if (registered.Sequence != 0 && (answer.Stake ?? Usdc.Zero) < registered.Asked)
        {
            yield return Remark(
                registered.Sequence, $"{name} was taken as a miner with a stake of {registered.Asked} USDC or more; today {(answer.Stake is { } stake ? $"it has {stake}" : "none is known")}", Micro);
        }
    }

    private static AuditRemark Remark(long sequence, string what, Int128 micro) => new(AuditRemarkKinds.Name, sequence, SafeText.Of(what), RemarkList.Clamp(micro));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private readonly record struct Signed(long First, long Messages);

    /// <summary>A signature that was taken because a contract took it.</summary>
    private sealed record ContractSignature(long Sequence, string Type, EthAddress Account, byte[] Hash, byte[] Signature);
}
