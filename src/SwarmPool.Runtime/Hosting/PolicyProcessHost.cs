using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Settlement.Processes;
using SwarmPool.Settlement;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// What a program does when it was started as a policy's process: it composes the one plugin that it is told, settles what it is
/// sent, and is gone when the program that started it is.
/// </summary>
/// <remarks>For programs that register a <see cref="PolicyProgram"/>: call it first of all where the only argument is <see cref="PolicyProgram.Argument"/>.</remarks>
public static class PolicyProcessHost
{
    /// <summary>Whether a command line asks for it.</summary>
    public static bool IsAsked(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Count == 1 && arguments[0] == PolicyProgram.Argument;
    }

    /// <summary>Serves on standard input and output; what a policy prints goes to the error output. Does not return.</summary>
    public static void Run()
    {
        // Ctrl-C goes to all processes of a terminal: the program ends this one when it has no more to settle.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static signal => signal.Cancel = true);
        var (input, output) = (Console.OpenStandardInput(), Console.OpenStandardOutput());
        Console.SetIn(TextReader.Null);
        Console.SetOut(Console.Error);
        PolicyServer.Run(input, output, Compose);
    }

    private static ISettlementPolicy Compose(PolicyComposition composition)
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().AddInMemoryCollection(composition.Configuration).Build(), composition.BaseDirectory);
        builder.UsePlugins();
        builder.Require<ISettlementPolicy>("settling");
        return builder.Build().Services.GetRequiredService<ISettlementPolicy>(); // For as long as the process lives.
    }
}
