using System.Text.Json;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Processes;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>
/// A settlement policy in a process of its own. What it does to that process (a stack overflow, an exit, two gigabytes, a loop) it does to
/// itself: the process is ended, it is told what happened, and the next settlement starts another.
/// </summary>
/// <remarks>
/// Thread-safe: one epoch at a time. The process is started when it is first needed, and kept between the epochs of a busy time: after
/// <see cref="Idle"/> without work it ends, and what the policy is stays known.
/// </remarks>
internal sealed class ProcessPolicy : IBoundedPolicy, IDisposable
{
    private const long LeastMemory = 256L << 20;
    private const long MemoryStep = 64L << 20;
    private const int EntriesAStep = 32 * 1024;

    /// <summary>How long a process is kept without work.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private readonly PolicyProgram program;
    private readonly PolicyComposition composition;
    private readonly PluginPlace place;
    private readonly PluginFaults faults;
    private readonly TimeProvider time;
    private readonly ITimer idle;
    private readonly Lock gate = new();
    private PolicyProcess? process;
    private PolicyDescription? description;
    private bool disposed;

    public ProcessPolicy(PolicyProgram program, PolicyComposition composition, PluginPlace place, PluginFaults faults, TimeProvider time)
    {
        (this.program, this.composition, this.place, this.faults, this.time) = (program, composition, place, faults, time);
        idle = time.CreateTimer(_ => EndIdle(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public string Name => Described.Name;

    public string Version => Described.Version;

    public IReadOnlyList<DeclaredPayee> Payees => [.. Described.Payees.Select(Parse)];

    /// <summary>What it is published as: its own process has read the assembly's file.</summary>
    public PolicyIdentity Identity => new(Described.Name, Described.Version, Described.Sha256);

    /// <summary>The most bytes that a policy's heap may have: 256 MiB, and 64 MiB more for each 32,768 entries, earlier payees and checks of the epoch.</summary>
    public static long MemoryFor(EpochLedger ledger) => LeastMemory + (MemoryStep * (((long)ledger.Entries.Count + ledger.Earlier.Count + ledger.Checks.Count) / EntriesAStep));

    public SettlementOutcome Settle(EpochLedger ledger, string policyState) => Settle(ledger, policyState, PluginGate.Limit);

    public SettlementOutcome Settle(EpochLedger ledger, string policyState, TimeSpan limit)
    {
        ArgumentNullException.ThrowIfNull(ledger);
        ArgumentNullException.ThrowIfNull(policyState);
        lock (gate)
        {
            var own = Ready(MemoryFor(ledger));
            using var watch = own.Watch(limit, time);
            PolicyRefused refused;
            try
            {
                LedgerLines.Write(own.Lines, ledger, policyState);
                var answer = own.Lines.Read(PolicyJson.Default.PolicyAnswer);
                if (answer.Settled is { } settled)
                {
                    var outcome = LedgerLines.Read(own.Lines, settled, ledger);
                    idle.Change(Idle, Timeout.InfiniteTimeSpan);
                    return outcome;
                }

                refused = Checked(answer.Refused, own, ledger.EpochId);
            }
            catch (Exception e) when (e is IOException or JsonException)
            {
                refused = Ended(own, e, limit, ledger.EpochId);
            }

            End(); // Whatever it did, the next epoch finds a new one.
            Count(refused, limit);
            throw new SwarmPoolException(refused.Code, refused.Reason);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            End();
            idle.Dispose();
        }
    }

    private PolicyDescription Described
    {
        get
        {
            lock (gate)
            {
                if (description is null)
                {
                    Ready(LeastMemory);
                    idle.Change(Idle, Timeout.InfiniteTimeSpan);
                }

                return description!;
            }
        }
    }

    private static DeclaredPayee Parse(string typed) =>
        DeclaredPayee.TryParse(typed, out var payee, out _) ? payee : default; // Which is nobody, and refused as that.

    private void EndIdle()
    {
        if (gate.TryEnter())
        {
            try
            {
                End();
            }
            finally
            {
                gate.Exit();
            }
        }
    }

    private PolicyProcess Ready(long memory)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (process?.Memory < memory)
        {
            End();
        }

        return process ??= StartAndDescribe(memory);
    }

    private PolicyProcess StartAndDescribe(long memory)
    {
        PolicyProcess? started = null;
        try
        {
            started = PolicyProcess.Start(program, memory);
            var own = Describe(started);
            if (description is not null && !Same(description, own))
            {
                throw new SwarmPoolException(
                    ErrorCodes.PluginChanged, $"{place}: its files have changed since this program started, and its policy with them. Restart, so that what is published is what runs.");
            }

            description = own;
            return started;
        }
        catch (IOException unable) when (started is null)
        {
            throw new SwarmPoolException(ErrorCodes.PluginConfigureFailed, $"{place}: no process can be started for its policy: {unable.Message.TrimEnd('.')}. Its command is {program.FileName} {string.Join(' ', program.Arguments)}.");
        }
        catch
        {
            started?.Dispose();
            throw;
        }
    }

    // Making it, and asking what it is, is bounded as settling is.
    private PolicyDescription Describe(PolicyProcess started)
    {
        string why;
        using var watch = started.Watch(PluginGate.Limit, time);
        try
        {
            started.Lines.Write(composition, PolicyJson.Default.PolicyComposition);
            started.Lines.Flush();
            var answer = started.Lines.Read(PolicyJson.Default.PolicyAnswer);
            if (answer.Described is { } own)
            {
                return own;
            }

            why = answer.Refused?.Reason ?? "it answered with something else";
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            why = How(started, e, PluginGate.Limit).What;
        }

        throw new SwarmPoolException(ErrorCodes.PluginConfigureFailed, faults.Secrets.Clean($"{place}: its policy could not be made in a process of its own: {why.TrimEnd('.')}. Check its configuration and its installation."));
    }

    private PolicyRefused Checked(PolicyRefused? refused, PolicyProcess own, string epoch) => refused is { Code: var code, Reason: { } reason }
        ? code == ErrorCodes.PolicyTookMemory
            ? Refuse(code, epoch, $"took more than {own.Memory >> 20} MiB of memory")
            : new(code is ErrorCodes.SettlementPayee or ErrorCodes.PolicyStateTooLarge ? code : ErrorCodes.PolicyThrew, faults.Secrets.Clean(reason))
        : Refuse(ErrorCodes.PolicyThrew, epoch, "wrote something to its process's output that is no settlement");

    private PolicyRefused Ended(PolicyProcess own, Exception e, TimeSpan limit, string epoch)
    {
        var (code, what) = How(own, e, limit);
        return Refuse(code, epoch, what);
    }

    private PolicyRefused Refuse(string code, string epoch, string what) => new(
        code,
        faults.Secrets.Clean($"{epoch}: the policy {description!.Name} {description.Version} {what.TrimEnd('.')}. The epoch stays closed and unsettled; fix or replace the policy, then restart."));

    private static (string Code, string What) How(PolicyProcess own, Exception e, TimeSpan limit)
    {
        if (e is JsonException)
        {
            return (ErrorCodes.PolicyThrew, "wrote something to its process's output that is no settlement");
        }

        var (exit, said) = own.Outcome();
        return own.Ended switch
        {
            PolicyEnd.Time => (ErrorCodes.PolicyTimedOut, FormattableString.Invariant($"did not return within {limit.TotalSeconds:0.###} s and was ended")),
            PolicyEnd.Memory => (ErrorCodes.PolicyTookMemory, $"took more than {own.Memory >> 20} MiB of memory and was ended"),
            _ when said.Contains("OutOfMemory", StringComparison.Ordinal) || said.Contains("Out of memory", StringComparison.Ordinal) =>
                (ErrorCodes.PolicyTookMemory, $"took more than {own.Memory >> 20} MiB of memory"),
            _ => (ErrorCodes.PolicyEndedProcess, $"ended its process {Why(exit, said)}"),
        };
    }

    private static string Why(int exit, string said)
    {
        if (said.Contains("Stack overflow", StringComparison.Ordinal) || said.Contains("stack overflow", StringComparison.Ordinal))
        {
            return "by a stack overflow";
        }

        var text = FormattableString.Invariant($"with exit code {exit}");
        return ChildProcess.LastLine(said) is { } last ? $"{text}: {last}" : text;
    }

    // A refusal by what it gave is no fault here: the check that follows would have said the same.
    private void Count(PolicyRefused refused, TimeSpan limit)
    {
        if (refused.Code == ErrorCodes.PolicyTimedOut)
        {
            faults.Hangs(place, nameof(Settle), limit);
        }
        else if (refused.Code is not (ErrorCodes.SettlementPayee or ErrorCodes.PolicyStateTooLarge))
        {
            faults.Threw(place, nameof(Settle), new SwarmPoolException(refused.Code, refused.Reason));
        }
    }

    private static bool Same(PolicyDescription a, PolicyDescription b) =>
        (a.Name, a.Version, a.Sha256) == (b.Name, b.Version, b.Sha256) && a.Payees.SequenceEqual(b.Payees, StringComparer.Ordinal);

    private void End()
    {
        process?.Dispose();
        process = null;
    }
}
