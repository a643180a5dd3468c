using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Plugins.Settlement7525;
using SwarmPool.Runtime.Containment;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Plugins.Preflight;
using SwarmPool.Runtime.Plugins.Trust;
using SwarmPool.Settlement;
using SwarmPool.Verification;

namespace SwarmPool.Benchmarks.Timed;

/// <summary>What plugins cost: each step from a folder to a registration, and a call into one, beside calls that cross nothing.</summary>
internal static class PluginTimes
{
    private const int Loads = 15;
    private const int Calls = 5_000_000;

    private static readonly string Root = Path.Combine(AppContext.BaseDirectory, "plugins");
    private static readonly ProofEvidence NoEvidence = new(default, null!, default, null!, default);

    public static async Task RunAsync(TextWriter output)
    {
        output.WriteLine("| plugin | files, MB | first in the process, ms | preflight | hash of all files | load and register | warm, ms in all |");
        output.WriteLine("|---|---|---|---|---|---|---|");
        foreach (var plugin in Directory.GetDirectories(Root).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal))
        {
            Load(plugin, output);
        }

        output.WriteLine();
        output.WriteLine("| call | ns |");
        output.WriteLine("|---|---|");
        await CallsAsync(output);
    }

    private static void Load(string plugin, TextWriter output)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new($"plugins:use:{plugin}", "")]).Build();
        var first = Clock(() => Use(configuration));
        var folder = PluginDiscovery.Find(configuration, AppContext.BaseDirectory, new Problems())[0];
        var preflight = Median(() => PluginPreflight.Check(folder, PluginTrust.None, PreflightHost.Current));
        var hash = Median(() => LockedPlugin.Of(plugin, folder.Path));
        var all = Median(() => Use(configuration));
        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| {plugin} | {files.Length}, {files.Sum(file => new FileInfo(file).Length) / 1e6:0.0} | {first:0.0} | {preflight:0.0} | {hash:0.0} | {all - preflight:0.0} | {all + hash:0.0} |"));
    }

    // A catalog of its own each time: the plugin is loaded anew, into another context.
    private static void Use(IConfiguration configuration) => SwarmPoolBuilder.Create(configuration, AppContext.BaseDirectory).UsePlugins(new PluginCatalog());

    private static async Task CallsAsync(TextWriter output)
    {
        var direct = Policy(builder => builder.UseSettlement7525());
        var loaded = Policy(builder => builder.UsePlugins(new PluginCatalog()));
        Line(output, "property of an object in the program", Time(new Direct((ISettlementPolicy)GuardedSlot.Unwrap(direct))));
        Line(output, "the same of one loaded from a folder", Time(new Loaded((ISettlementPolicy)GuardedSlot.Unwrap(loaded))));
        Line(output, "the same behind its gate, as the runtime calls it", Time(new Gated(loaded)));

        var answers = new AtOnce();
        using var host = Verifier(answers).Build();
        Line(output, "asynchronous call that is answered at once, direct", await TimeAsync(answers));
        Line(output, "the same behind its gate", await TimeAsync(host.Services.GetRequiredService<IProofVerifier>()));
    }

    private static SwarmPoolBuilder Verifier(IProofVerifier verifier)
    {
        var builder = SwarmPoolBuilder.Create();
        builder.Fill("At once", _ => verifier);
        return builder;
    }

    private static ISettlementPolicy Policy(Action<SwarmPoolBuilder> use)
    {
        var builder = SwarmPoolBuilder.Create(
            new ConfigurationBuilder().AddInMemoryCollection([new("plugins:use:SwarmPool.Plugins.Settlement7525", "")]).Build(), AppContext.BaseDirectory);
        use(builder);
        return builder.Build().Services.GetRequiredService<ISettlementPolicy>();
    }

    private static double Time<TCall>(TCall call)
        where TCall : struct, ICall => Nanoseconds(() =>
    {
        var sum = 0;
        for (var i = 0; i < Calls; i++)
        {
            sum += call.Once();
        }

        GC.KeepAlive(sum);
    });

    private static async Task<double> TimeAsync(IProofVerifier verifier)
    {
        var times = new List<double>();
        for (var round = 0; round <= Loads; round++)
        {
            var began = TimeProvider.System.GetTimestamp();
            for (var i = 0; i < Calls; i++)
            {
                await verifier.VerifyAsync(NoEvidence, CancellationToken.None);
            }

            times.Add(TimeProvider.System.GetElapsedTime(began).TotalMilliseconds);
        }

        return times.Skip(1).Order().ElementAt(Loads / 2) * 1e6 / Calls;
    }

    private static double Nanoseconds(Action run) => Median(run) * 1e6 / Calls;

    private static double Median(Action run)
    {
        run();
        double[] times = [.. Enumerable.Range(0, Loads).Select(_ => Clock(run)).Order()];
        return times[Loads / 2];
    }

    private static double Clock(Action run)
    {
        var began = TimeProvider.System.GetTimestamp();
        run();
        return TimeProvider.System.GetElapsedTime(began).TotalMilliseconds;
    }

    private static void Line(TextWriter output, string what, double nanoseconds) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {nanoseconds:0.0} |"));

    // A type for each, so that each has machine code of its own: in shared code the first would be favoured.
    private interface ICall
    {
        int Once();
    }

    private readonly struct Direct(ISettlementPolicy policy) : ICall
    {
        public int Once() => policy.Version.Length;
    }

    private readonly struct Loaded(ISettlementPolicy policy) : ICall
    {
        public int Once() => policy.Version.Length;
    }

    private readonly struct Gated(ISettlementPolicy policy) : ICall
    {
        public int Once() => policy.Version.Length;
    }

    private sealed class AtOnce : IProofVerifier
    {
        public string Name => "at once";

        public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(new ProofJudgement(ProofJudgementKind.Accepted, ""));
    }
}
