using System.CommandLine;
using System.CommandLine.Invocation;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;

namespace SwarmPool.Programs.Running;

/// <summary>Runs a command line: help, mistakes of usage, and every problem as lines and an exit code of docs/errors.md.</summary>
public static class CommandLineProgram
{
    /// <summary>Runs the program as this process.</summary>
    /// <param name="name">The program's name as typed.</param>
    /// <param name="args">The arguments.</param>
    /// <param name="commands">Makes the commands.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunProcessAsync(string name, string[] args, Func<ProgramContext, RootCommand> commands)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(commands);
        if (PolicyProcessHost.IsAsked(args))
        {
            PolicyProcessHost.Run();
        }

        if (BackendProcessHost.IsAsked(args))
        {
            BackendProcessHost.Run();
        }

        using var signals = new StopSignals();
        var context = ProgramContext.OfProcess(name, signals.Token);
        return await RunAsync(context, args, commands(context));
    }

    /// <summary>Runs the program in a context.</summary>
    public static async Task<int> RunAsync(ProgramContext context, string[] args, RootCommand root)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(root);
        var parsed = root.Parse(args, UsageProblems.Parsing);
        if ((parsed.Action is null or ParseErrorAction) && parsed.CommandResult.Command.Action is null && parsed.UnmatchedTokens.Count == 0)
        {
            parsed = root.Parse([.. args, "--help"], UsageProblems.Parsing); // "swarmpool" or "swarmpool epoch" alone asks what there is.
        }

        if (UsageProblems.Of(parsed, args) is { Count: > 0 } mistakes)
        {
            foreach (var mistake in mistakes)
            {
                context.Error.Line($"✗ {mistake}", Tone.Bad, hang: 2);
            }

            context.Error.Line($"  {context.Name} --help says what there is.");
            ProblemDocument.WriteIfAsked(context, args, ExitCodes.Usage, mistakes.Select(static mistake => $"{ErrorCodes.CommandLineInvalid}: {mistake}"));
            return ExitCodes.Usage;
        }

        var verbose = args.Contains(CommonOptions.VerboseName, StringComparer.Ordinal);
        try
        {
            // The program's own signals drain; the library's would cut it off after two seconds.
            var invocation = new InvocationConfiguration { Output = context.Out, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(invocation, context.Stop);
        }
        catch (OperationCanceledException) when (context.Stop.IsCancellationRequested)
        {
            context.Error.Line("Stopped.");
            return ExitCodes.Interrupted;
        }
        catch (Exception problem)
        {
            Problem(context, problem, verbose);
            ProblemDocument.WriteIfAsked(context, args, ExitCodes.For(problem), StartupErrors.Describe(problem));
            return ExitCodes.For(problem);
        }
    }

    private static void Problem(ProgramContext context, Exception problem, bool verbose)
    {
        foreach (var line in StartupErrors.Describe(problem))
        {
            var parts = line.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
            context.Error.Line($"✗ {parts[0]}", Tone.Bad, hang: 2);
            foreach (var more in parts.Skip(1))
            {
                context.Error.Line($"  {more}", Tone.Bad, hang: 4);
            }
        }

        if (verbose)
        {
            foreach (var line in problem.ToString().Split('\n'))
            {
                context.Error.Line(line.TrimEnd('\r'), Tone.Dim);
            }
        }
        else if (ExitCodes.For(problem) == ExitCodes.Fault)
        {
            context.Error.Line($"  {CommonOptions.VerboseName} shows where it came from.");
        }
    }
}
