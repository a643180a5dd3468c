using System.Globalization;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Runtime.Names.Delegations;

/// <summary>
/// Looks after the delegation by which a party signs: tells of its end in good time, and ends the party with a named error shortly
/// before it expires, or as soon as it was taken back. What was signed after that would count nowhere.
/// </summary>
internal sealed class DelegationWatch(SignedSnapshot? delegation, DelegationCache delegations, TimeProvider time, Action<DateTimeOffset> warn)
{
    /// <summary>How long before the expiry the party ends, so that what it signed last is still heard.</summary>
    public static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan[] Warnings = [TimeSpan.FromDays(7), TimeSpan.FromDays(1), TimeSpan.FromHours(1), TimeSpan.FromMinutes(10)];

    /// <summary>Runs until cancelled, when the party signs with its name's own key; else until the delegation ends, and throws.</summary>
    /// <exception cref="SwarmPoolException">SP1206: the delegation has ended.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (delegation is null)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            return;
        }

        var known = new KnownDelegation(delegation);
        var ends = DateTimeOffset.FromUnixTimeSeconds(known.Body.Expires);
        var warned = TimeSpan.MaxValue;
        while (true)
        {
            RequireStanding(known);
            var left = ends - time.GetUtcNow();
            if (left <= Margin)
            {
                throw Ended(known, string.Create(CultureInfo.InvariantCulture, $"expires at {ends:yyyy-MM-dd HH:mm:ss} UTC"));
            }

            if (Array.FindLast(Warnings, warning => left <= warning) is { Ticks: > 0 } mark && mark < warned)
            {
                warned = mark;
                warn(ends);
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }

    /// <exception cref="SwarmPoolException">SP1206: it was taken back.</exception>
    private void RequireStanding(KnownDelegation known)
    {
        if (delegations.IsRevoked(known, out _))
        {
            throw Ended(known, "was taken back");
        }
    }

    private static SwarmPoolException Ended(KnownDelegation known, string how) => new(
        ErrorCodes.DelegationUnusable,
        $"The delegation of {known.Body.Name} to the key of {known.Body.Key} {how}; nothing more can be signed by it. Delegate anew with the program's delegate command, and start again with the new file.");
}
