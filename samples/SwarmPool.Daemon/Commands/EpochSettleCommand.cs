using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using SwarmPool.Identity;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Daemon.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Epochs;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.State;

namespace SwarmPool.Programs.Daemon.Commands;

/// <summary><c>swarmpool epoch settle</c>: another policy settles what the pool's own could not. The daemon must not run meanwhile.</summary>
internal static class EpochSettleCommand
{
    private const string Prefix = "epoch-";

    public static Command Create(ProgramContext context)
    {
        var epoch = new Argument<string?>("EPOCH") { Description = "The epoch, e.g. epoch-7, to be sure that it is that one. Without it: the oldest that waits.", Arity = ArgumentArity.ZeroOrOne };
        var policy = PolicyChoice.Option();
        policy.Required = true;
        var config = CommonOptions.Config($"{DaemonComposition.File} in the current folder");
        var json = CommonOptions.Json("the settlement");
        var verbose = CommonOptions.Verbose();
        var command = new Command("settle", "Settles a closed epoch by another policy, while the daemon is stopped. The epoch is published as one whose policy was replaced.")
        {
            epoch, policy, config, json, verbose,
        };
        command.SetAction(async (parsed, stop) =>
        {
            var number = Number(parsed.GetValue(epoch));
            var builder = DaemonComposition.Compose(context, parsed.GetValue(config)).LogToError(parsed.GetValue(verbose));
            builder.AddDaemon().Require<IPoolJournal>("the settlement");
            var settled = await builder.WithPolicyAsync(parsed.GetValue(policy), policyOf => builder.WithServicesAsync(services =>
            {
                var options = services.GetRequiredService<IOptions<DaemonOptions>>().Value;
                return PolicyReplacement.SettleAsync(
                    services, EnsName.Parse(options.PoolEns), policyOf(services), number, TimeSpan.FromSeconds(options.PolicySeconds), context.Time, TaskScheduler.Default, stop);
            }));
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(settled));
            }
            else
            {
                ReplacementScreen.Show(context.Screen, settled);
            }

            return ExitCodes.Ok;
        });
        return command;
    }

    private static long? Number(string? typed)
    {
        if (typed is null)
        {
            return null;
        }

        var digits = typed.StartsWith(Prefix, StringComparison.Ordinal) ? typed[Prefix.Length..] : typed;
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new SwarmPoolException(ErrorCodes.ConfigurationInvalid, $"'{typed}' is not an epoch: epoch-7, or 7. 'swarmpool status' names those that wait.");
    }
}
