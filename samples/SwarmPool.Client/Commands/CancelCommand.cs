using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Programs.Terminals;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Client;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Roles;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Client.Commands;

/// <summary><c>swarm-client cancel</c>: takes a job back that no miner has begun.</summary>
internal static class CancelCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Create(ProgramContext context)
    {
        var job = new Argument<string>("CID") { Description = "The job's CID, as 'submit' printed it." };
        var ens = new Option<string?>("--ens") { Description = "Your client's name.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var key = new KeyChoice("CLIENT_PRIVATE_KEY", "client_");
        var config = CommonOptions.Config($"{ClientComposition.File} in the current folder, else a pool on this machine");
        var json = CommonOptions.Json("the answer");
        var verbose = CommonOptions.Verbose();
        var command = new Command("cancel", "Takes a job back that no miner has begun.") { job, ens, pool, config, json, verbose };
        key.AddTo(command);
        command.SetAction(async (parsed, stop) =>
        {
            var cid = GetCommand.CidOf(parsed.GetValue(job)!);
            var said = new Dictionary<string, string?>(key.Overrides(context, parsed));
            Overrides.Add(said, "client_ens", parsed.GetValue(ens));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = ClientComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddClient();
            builder.TellWaits(context);
            return await builder.WithHostAsync(
                (services, ends) => services.GetRequiredService<Waits>().RunAsync(
                    new Wait("the pool's answer", null, Patience), () => CancelAsync(context, services.GetRequiredService<PoolClient>(), cid, parsed.GetValue(json), ends)),
                stop);
        });
        return command;
    }

    private static async Task<int> CancelAsync(ProgramContext context, PoolClient client, Cid job, bool json, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Patience, context.Time);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await client.CancelAsync(job, ends.Token);
            Say(context, json, job, "cancelled", null, "✓ Taken back. Nobody pays for it.", Tone.Good);
            return ExitCodes.Ok;
        }
        catch (JobRejectedException refused)
        {
            Say(context, json, job, "refused", refused.Code, $"✗ {refused.Code}: {refused.Reason}", Tone.Bad);
            return ExitCodes.Refused;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new SwarmPoolException(
                ErrorCodes.PoolNotHeard, $"The pool did not answer within {Patience.TotalSeconds:0} s. It may still take the job back; 'swarm-client status' shows whether it is heard.");
        }
    }

    private static void Say(ProgramContext context, bool json, Cid job, string status, string? code, string text, Tone tone)
    {
        if (json)
        {
            context.Out.WriteLine(JsonText.Document(new { status, jobCid = job, code }));
        }
        else
        {
            context.Screen.Line(text, tone, hang: 2);
        }
    }
}
