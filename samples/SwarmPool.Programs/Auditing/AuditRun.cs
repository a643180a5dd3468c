using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Auditing;
using SwarmPool.Identity;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Auditing;
using SwarmPool.Runtime.Errors;
using SwarmPool.Settlement;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Auditing;

/// <summary>Audits an epoch as the command line asks, and shows what was found.</summary>
/// <param name="context">The program's surroundings.</param>
/// <param name="options">What can be asked.</param>
public sealed class AuditRun(ProgramContext context, AuditOptions options)
{
    /// <summary>Audits.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="services">Contents and names.</param>
    /// <param name="policy">The policy to settle by again.</param>
    /// <param name="policyAsked">Whether somebody chose that policy: then an epoch that was settled by another is a difference.</param>
    /// <param name="find">Finds the epoch.</param>
    /// <param name="expected">The pool that somebody named: an epoch of another is a difference; null: any.</param>
    /// <param name="stop">Told to stop.</param>
    /// <returns>The exit code: 0 when all is right and nothing is left to look at, or somebody has looked (<c>--lenient</c>); else that of a refusal.</returns>
    public async Task<int> RunAsync(
        ParseResult parsed, IServiceProvider services, ISettlementPolicy policy, bool policyAsked, Func<PoolAuditor, Task<SignedSnapshot>> find, EnsName? expected, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(find);
        var wish = options.Read(context, parsed);
        var pool = new PoolAuditor(services.GetRequiredService<ITransport>().Content, services.GetRequiredService<IIdentityProvider>(), context.Time)
        {
            Policy = policy,
            KeepCheckpoint = wish.Path is not null,
            Progress = new SlowProgress<AuditProgress>(context, static at => $"epoch {at.Epoch} of {at.Last}, {Counted.Of(at.Records, "record")} so far"),
        };
        var epoch = await find(pool);
        var report = wish.Alone ? await pool.AuditEpochAsync(epoch, stop) : await pool.AuditHistoryAsync(epoch, wish.From, stop);
        report = policyAsked ? WithMismatch(report, policy) : report;
        report = expected is { } named && report.Snapshot.Pool != named ? With(report, $"it is an epoch of {report.Snapshot.Pool}, not of {named}") : report;
        var passes = report.IsRight && (wish.Lenient || report.IsQuiet);
        var unwritten = passes && report.Checkpoint is { } reached ? CheckpointFile.TryWrite(wish.Path!, reached) : null;
        if (wish.Json)
        {
            context.Out.WriteLine(JsonText.Document(AuditDocument.Of(report)));
        }
        else
        {
            AuditScreen.Show(context.Screen, report, wish.From, passes && unwritten is null ? wish.Path : null);
        }

        if (unwritten is not null)
        {
            throw unwritten; // What was found comes first: it took long enough.
        }

        return passes ? ExitCodes.Ok : ExitCodes.Refused;
    }

    private static EpochAuditReport WithMismatch(EpochAuditReport report, ISettlementPolicy policy)
    {
        var settledBy = report.Snapshot.Policy;
        return policy.Name == settledBy.Name && policy.Version == settledBy.Version
            ? report
            : With(report, $"it was settled by {settledBy.Name} {settledBy.Version}; {policy.Name} {policy.Version} can't check its split");
    }

    private static EpochAuditReport With(EpochAuditReport report, string difference) => report with
    {
        DifferenceCount = report.DifferenceCount + 1,
        Differences = [.. report.Differences, new AuditDifference(0, difference)],
    };
}
