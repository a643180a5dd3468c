using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Roles;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool run</c>: the daemon, until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(ProgramContext context)
    {
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var json = CommonOptions.Json("one event a line");
        var verbose = CommonOptions.Verbose();
        var standby = new Option<bool>("--standby") { Description = "Stands by while another daemon leads this pool, and takes over when that one ends." };
        var command = new Command("run", "Runs the pool until Ctrl-C.") { config, standby, json, verbose };
        command.SetAction((parsed, stop) => RunAsync(context, parsed.GetValue(config), parsed.GetValue(standby), parsed.GetValue(json), parsed.GetValue(verbose), stop));
        return command;
    }

    private static async Task<int> RunAsync(ProgramContext context, string? file, bool standby, bool json, bool verbose, CancellationToken stop)
    {
        var builder = DaemonComposition.Compose(context, file).LogToError(verbose);
        await using var printer = new Printer(count => context.Error.Line($"{count} events were not shown: the output is too slow.", Tone.Warn));
        if (json)
        {
            var events = new EventWriter(context.Out, printer, context.Time);
            builder.Services.AddSingleton<IDaemonObserver>(new DaemonEvents(events)).AddSingleton<IWaitObserver>(new WaitEvents(events));
        }
        else
        {
            builder.Services
                .AddSingleton<IDaemonObserver>(services => new DaemonScreen(context.Screen, printer, context.Time, services.GetRequiredService<IOptions<DaemonOptions>>().Value))
                .AddSingleton<IWaitObserver>(WaitScreen.InStory(context.Screen, printer, context.Time));
        }

        builder.AddDaemon(o => o.Standby |= standby);
        var code = await builder.RunToEndAsync(stop);
        if (!json)
        {
            printer.Print(() => context.Screen.Line("Stopped in good order."));
        }

        return code;
    }
}
