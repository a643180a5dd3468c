using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SwarmPool.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Epochs;

/// <summary>
/// Remembers which policy could not settle an epoch. Whichever other one then does, after a restart with another
/// configuration too, has replaced it, and the epoch says so.
/// </summary>
internal sealed class FailedPolicy(IPoolJournal journal)
{
    private const string EpochCursor = "policy-failed-epoch";
    private const string PolicyCursor = "policy-failed";
    private const string CodeCursor = "policy-failed-code";

    /// <summary>The code by which an epoch's settlement was refused last; null when it was not.</summary>
    public static async ValueTask<string?> CodeAsync(IPoolJournal journal, long epoch, CancellationToken cancellationToken) =>
        await journal.LoadCursorAsync(EpochCursor, cancellationToken) == epoch && await journal.LoadCursorAsync(CodeCursor, cancellationToken) is > 0 and var number
            ? string.Create(CultureInfo.InvariantCulture, $"SP{number}")
            : null;

    public async ValueTask RememberAsync(JournalLease lease, long epoch, PolicyIdentity policy, string code, CancellationToken cancellationToken)
    {
        var number = long.Parse(code.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture);
        if (await journal.LoadCursorAsync(CodeCursor, cancellationToken) != number)
        {
            await journal.SaveCursorAsync(lease, CodeCursor, number, cancellationToken);
        }

        // The first that failed: those that were tried after it were replacements already.
        if (await journal.LoadCursorAsync(EpochCursor, cancellationToken) != epoch)
        {
            await journal.SaveCursorAsync(lease, PolicyCursor, TagOf(policy), cancellationToken);
            await journal.SaveCursorAsync(lease, EpochCursor, epoch, cancellationToken);
        }
    }

    public async ValueTask<bool> IsReplacedByAsync(PolicyIdentity policy, long epoch, CancellationToken cancellationToken) =>
        await journal.LoadCursorAsync(EpochCursor, cancellationToken) == epoch
        && await journal.LoadCursorAsync(PolicyCursor, cancellationToken) != TagOf(policy);

    // A journal keeps numbers under names: 62 bits of a hash tell policies apart.
    private static long TagOf(PolicyIdentity policy) => 1 + (BinaryPrimitives.ReadInt64BigEndian(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{policy.Name}\n{policy.Version}\n{policy.Sha256}"))) & (long.MaxValue >> 1));
}
