using SwarmPool.Identity;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Pool;
using SwarmPool.Runtime.Pool.Records;

namespace SwarmPool.Runtime.Auditing;

/// <summary>Remembers which account each name signed with last and where it was paid, and asks whether that is so today.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NameWitness
{
    private const int AtATime = 64;

    private readonly Dictionary<EnsName, Heard> names = [];

    public void Hear(PoolRecord record)
    {
        // By a session key the account is not the name's: the delegation, a record before, was signed by one that is.
        if (record is { Input: MessageInput { Snapshot.Body: var body }, Facts.Signer: { Delegation: null } signer })
        {
            names[body.Signer] = names.GetValueOrDefault(body.Signer) with { Account = signer.Account };
        }

        foreach (var part in record.Events.OfType<JobDecided>().SelectMany(job => job.Parts))
        {
            names[part.Miner] = names.GetValueOrDefault(part.Miner) with { Payee = part.Payee };
        }
    }

    public async Task<NameFindings> AskAsync(NameDirectory directory, CancellationToken cancellationToken)
    {
        int same = 0, unavailable = 0;
        var changed = new List<string>();
        foreach (var chunk in names.OrderBy(static name => name.Key).Chunk(AtATime))
        {
            var answers = await Task.WhenAll(chunk.Select(async name => (name.Key, name.Value, await directory.ResolveAsync(name.Key, cancellationToken))));
            foreach (var (name, heard, answer) in answers)
            {
                if (answer.Status == IdentityStatus.Unavailable)
                {
                    unavailable++;
                }
                else if (Change(name, heard, answer) is { } change)
                {
                    changed.Add(change);
                }
                else
                {
                    same++;
                }
            }
        }

        return new NameFindings(names.Count, same, unavailable, [.. changed.Take(AuditFindings.MaxListed)]);
    }

    private static string? Change(EnsName name, Heard heard, IdentityAnswer answer)
    {
        if (answer.Status == IdentityStatus.Unknown)
        {
            return $"{name} is not known today: {answer.Detail}";
        }

        if (heard.Account is { } account && !answer.Accounts.Contains(account))
        {
            return $"{name} signed with {account}, which is none of its accounts today";
        }

        return heard.Payee is { } payee && payee != answer.Payout && (answer.Payout is not null || !answer.Accounts.Contains(payee))
            ? $"{name} was paid at {payee}; today it is paid at {(answer.Payout ?? answer.Accounts[0])}"
            : null;
    }

    private readonly record struct Heard(EthAddress? Account, EthAddress? Payee);
}
