using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Programs.Reporting;

/// <summary>What a pool's name says of where the pool is and can't be used, for people on standard error: a hint that is lost, and no failure yet.</summary>
public static class NameProblems
{
    /// <summary>Shows them.</summary>
    public static void Show(ProgramContext context, IReadOnlyList<Refusal> problems)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(problems);
        foreach (var problem in problems)
        {
            context.Error.Line($"! {problem}", Tone.Warn, hang: 2);
        }
    }
}
