using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Identity;
using SwarmPool.Programs.Composing;
using SwarmPool.Programs.Listing;
using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Running;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Listing;
using SwarmPool.Runtime.Reader;
using SwarmPool.Transport;

namespace SwarmPool.Programs.Miner.Commands;

/// <summary><c>swarm-miner earnings</c>: what the pool's sealed epochs pay a miner, since the first. Needs no key.</summary>
internal static class EarningsCommand
{
    private const string Day = "day";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static Command Create(ProgramContext context)
    {
        var ens = new Option<string?>("--ens") { Description = "The miner's name.", HelpName = "NAME" };
        var pool = CommonOptions.Pool();
        var by = new Option<string?>("--by") { Description = "day: by day alone, which is quicker. model: by day and by model, the same as without it.", HelpName = "day|model" };
        by.AcceptOnlyFromAmong(Day, "model");
        var model = new Option<string?>("--model") { Description = "Only what this model earned.", HelpName = "MODEL" };
        var range = new ListOptions("of epochs that ended", "days");
        var config = CommonOptions.Config(MinerComposition.Fallback);
        var json = CommonOptions.Json("the earnings");
        var verbose = CommonOptions.Verbose();
        var command = new Command("earnings", "Sums up what the pool's sealed epochs pay a miner, by day and by model, since the first epoch: from what is published, as any stranger can.")
        {
            ens, pool, by, model, config, json, verbose,
        };
        range.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(model) is not null && result.GetValue(by) == Day)
            {
                result.AddError("--model needs the earnings by model: leave --by day out.");
            }
        });
        command.SetAction(async (parsed, stop) =>
        {
            var said = new Dictionary<string, string?>();
            Overrides.Add(said, "miner_ens", parsed.GetValue(ens));
            Overrides.Add(said, "pool_ens", parsed.GetValue(pool));
            var builder = MinerComposition.Compose(context, parsed.GetValue(config), said).LogToError(parsed.GetValue(verbose)).AddPoolReader();
            var miner = MinerName.Required(builder.Configuration["miner_ens"]);
            var filter = new EarningsFilter { ByModel = parsed.GetValue(by) != Day, Model = parsed.GetValue(model), Range = range.Read(parsed) };
            var earned = await builder.WithHostAsync((services, ends) => ReadAsync(context, services, miner, filter, ends), stop);
            if (parsed.GetValue(json))
            {
                context.Out.WriteLine(JsonText.Document(earned));
            }
            else
            {
                EarningsScreen.Show(context.Screen, earned);
            }

            return earned.Unread is { } unread ? ExitCodes.ForCode(unread.Code) : ExitCodes.Ok;
        });
        return command;
    }

    private static async Task<MinerEarnings> ReadAsync(ProgramContext context, IServiceProvider services, EnsName miner, EarningsFilter filter, CancellationToken stop)
    {
        var reader = services.GetRequiredService<PoolReader>();
        var view = await reader.ReadAsync(Patience, stop);
        NameProblems.Show(context, reader.NameProblems);
        return view.State.LastEpoch is { } last
            ? await new EarningsReader(services.GetRequiredService<ITransport>().Content, context.Time).ReadAsync(
                view.State.Pool, last, miner, filter, new SlowProgress<EarningsProgress>(context, static at => $"epoch {at.Epoch} of {at.Last}, back to the first"), stop)
            : MinerEarnings.None(view.State.Pool, miner, filter);
    }
}
