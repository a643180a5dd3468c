using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SwarmPool.Benchmarks.Timed;

// What a state has to be built for, up to 10^6 jobs, is timed by programs of its own; the rest is BenchmarkDotNet's.
switch (args)
{
    case ["machine", .. var pending]:
        MachineSteps.Run([.. pending.Select(int.Parse)], Console.Out);
        break;
    case ["statehash", .. var jobs]:
        StateHashTime.Run([.. jobs.Select(int.Parse)], Console.Out);
        break;
    case ["replay", var records]:
        await ReplayTime.RunAsync(int.Parse(records, System.Globalization.CultureInfo.InvariantCulture), Console.Out);
        break;
    case ["plugins"]:
        await PluginTimes.RunAsync(Console.Out);
        break;
    case ["engines"]:
        EngineTimes.Run(Console.Out);
        break;
    default:
        // In this process: the generated projects of the default toolchain do not fit the repository's build settings.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromAssembly(typeof(MachineSteps).Assembly).Run(args, config);
        break;
}
