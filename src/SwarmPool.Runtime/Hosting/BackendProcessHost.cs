using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using SwarmPool.Inference;
using SwarmPool.Runtime.Backends;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Processes;

namespace SwarmPool.Runtime.Hosting;

/// <summary>
/// What a program does when it was started as a backend's process: it composes the backend that it is told, runs what it is sent, and is
/// gone when the program that started it is.
/// </summary>
/// <remarks>For programs that register a <see cref="BackendProgram"/>: call it first of all where the only argument is <see cref="BackendProgram.Argument"/>.</remarks>
public static class BackendProcessHost
{
    /// <summary>Whether a command line asks for it.</summary>
    public static bool IsAsked(IReadOnlyList<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        return arguments.Count == 1 && arguments[0] == BackendProgram.Argument;
    }

    /// <summary>Serves on standard input and output; whatever else writes there, native libraries too, writes to the error output. Does not return.</summary>
    public static void Run()
    {
        // Ctrl-C goes to all processes of a terminal: the miner ends this one when it has drained.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, static signal => signal.Cancel = true);
        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static signal => signal.Cancel = true);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, static signal => signal.Cancel = true);
        var input = Console.OpenStandardInput();
        var output = OwnOutput.Take();
        Console.SetIn(TextReader.Null);
        Console.SetOut(Console.Error);
        BackendServer.Run(input, output, Compose);
    }

    private static IInferenceBackend Compose(BackendComposition composition, ILoggerProvider log)
    {
        var builder = SwarmPoolBuilder.Create(new ConfigurationBuilder().AddInMemoryCollection(composition.Configuration).Build(), composition.BaseDirectory);
        builder.Logging.AddProvider(log);
        builder.UsePlugins();
        builder.Require<IInferenceBackend>("running models");
        return builder.Build().Services.GetRequiredService<IInferenceBackend>(); // For as long as the process lives.
    }
}
