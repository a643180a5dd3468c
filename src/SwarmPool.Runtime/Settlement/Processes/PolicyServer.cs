using System.Collections.Concurrent;
using System.Diagnostics;
using SwarmPool.Core.Settlement;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Settlement.Processes;

/// <summary>The other side: settles what the program sends, until its end is closed. Then the process is gone at once, whatever the policy does.</summary>
/// <remarks>
/// One thread reads and one settles, so that the end of the program is noticed while a policy runs.
/// </remarks>
internal static class PolicyServer
{
    private const int MostAhead = 1024;

    /// <summary>Serves; does not return.</summary>
    /// <param name="input">Lines from the program.</param>
    /// <param name="output">Lines to it.</param>
    /// <param name="compose">Makes the policy of the first line.</param>
    public static void Run(Stream input, Stream output, Func<PolicyComposition, ISettlementPolicy> compose)
    {
        var lines = new PolicyLines(input, new BufferedStream(output, 64 * 1024));
        using var ahead = new BlockingCollection<ReadOnlyMemory<byte>>(MostAhead);
        _ = Task.Factory.StartNew(() => ServeOrEnd(lines, ahead.Take, compose), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            while (lines.ReadLine() is { } line)
            {
                ahead.Add(line);
            }
        }
        finally
        {
            End();
        }
    }

    // Not an exit, which would wait for what the policy has registered for that.
    private static void End() => Process.GetCurrentProcess().Kill();

    private static void ServeOrEnd(PolicyLines lines, Func<ReadOnlyMemory<byte>> next, Func<PolicyComposition, ISettlementPolicy> compose)
    {
        try
        {
            Serve(lines, next, compose);
        }
        catch (Exception e)
        {
            Console.Error.WriteLine(e.GetType()); // The program reads what it was, and sees the end.
            End();
        }
    }

    private static void Serve(PolicyLines lines, Func<ReadOnlyMemory<byte>> next, Func<PolicyComposition, ISettlementPolicy> compose)
    {
        ISettlementPolicy policy;
        try
        {
            policy = compose(PolicyLines.Parse(next(), PolicyJson.Default.PolicyComposition));
            var identity = PolicyIdentities.Of(policy);
            var payees = PolicyPayees.Of(policy).Select(static payee => payee.ToString());
            Answer(lines, new PolicyAnswer(Described: new(identity.Name, identity.Version, identity.Sha256, [.. payees])));
        }
        catch (Exception e)
        {
            Answer(lines, new PolicyAnswer(Refused: new(ErrorCodes.PluginConfigureFailed, string.Join(" ", StartupErrors.Describe(e)))));
            return;
        }

        while (true)
        {
            var request = PolicyLines.Parse(next(), PolicyJson.Default.PolicyRequest);
            var ledger = LedgerLines.Read(request, next);
            var verdict = PolicyRun.Contained(policy, ledger, request.PolicyState, Timeout.InfiniteTimeSpan);

            // A state that is no Unicode has no line: it is refused here, as it would be there.
            var refusal = verdict.Refusal ?? SettlementRules.CheckState(ledger, verdict.Outcome!);
            if (refusal is null)
            {
                LedgerLines.Write(lines, verdict.Outcome!);
            }
            else
            {
                Answer(lines, new PolicyAnswer(Refused: new(refusal.Code, refusal.Reason)));
            }
        }
    }

    private static void Answer(PolicyLines lines, PolicyAnswer answer)
    {
        lines.Write(answer, PolicyJson.Default.PolicyAnswer);
        lines.Flush();
    }
}
