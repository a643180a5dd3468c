using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Discovery;
using SwarmPool.Runtime.Errors;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool name</c>: what the pool's name should say of where the pool is, and what it says.</summary>
internal static class NameCommand
{
    public static Command Create(ProgramContext context)
    {
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var json = CommonOptions.Json("the records");
        var verbose = CommonOptions.Verbose();
        var command = new Command("name", "Shows the records by which the pool is found, and whether its name has them.") { config, json, verbose };
        command.SetAction(async (parsed, stop) =>
        {
            var builder = DaemonComposition.Compose(context, parsed.GetValue(config)).LogToError(parsed.GetValue(verbose));
            builder.Require<ITransport>("the name").Require<IIdentityProvider>("the name");
            var text = builder.Configuration["pool_ens"] ?? "swarmpool.eth";
            var pool = EnsName.TryParse(text, out var name, out var reason)
                ? name
                : throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"pool_ens: {reason}");

            // The host is not started: this runs beside a daemon.
            var compared = await builder.WithServicesAsync(services => NamedLocation.CompareAsync(
                services.GetRequiredService<ITransport>(), services.GetRequiredService<IIdentityProvider>(), pool, context.Time, stop));
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(new { pool, state = compared?.Published.State, transport = compared?.Published.PeersText, differences = compared?.Differences }));
            }
            else
            {
                NameScreen.Show(context.Screen, pool, compared);
            }

            return compared is null or { Differences.Count: 0 } ? ExitCodes.Ok : ExitCodes.Refused;
        });
        return command;
    }
}
