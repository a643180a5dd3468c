using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Core.Settlement;
using SwarmPool.EndToEnd.Tests;
using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Hosting;
using SwarmPool.Runtime.Plugins;
using SwarmPool.Runtime.Settlement;
using SwarmPool.Runtime.Settlement.Processes;
using SwarmPool.Settlement;
using SwarmPool.Testing.Settlement;

namespace SwarmPool.Samples.Tests;

/// <summary>
/// A settlement policy from an operator's own plugin folder, in each way to take the program with it: it takes a process of its own, is
/// told what happened, and the next settlement is as if nothing had been.
/// </summary>
public sealed class PolicyProcessTests : IDisposable
{
    private const string Plugin = "TestPlugins.WrongPolicy";

    private readonly string folder = Directory.CreateTempSubdirectory("swarmpool-policy-").FullName;

    private static readonly EpochLedger Ledger = Ledgers.Of(7, [new(Ledgers.PayeeOf("alice"), MiningMode.PPS, 3), new(Ledgers.PayeeOf("bob"), MiningMode.SOLO, 4)]);

    [Theory]
    [InlineData("loops", ErrorCodes.PolicyTimedOut, "epoch-7: the policy wrong 1.0.0 did not return within 2 s and was ended", 2)]
    [InlineData("hangs", ErrorCodes.PolicyTimedOut, "did not return within 2 s and was ended", 2)]
    [InlineData("allocates", ErrorCodes.PolicyTookMemory, "epoch-7: the policy wrong 1.0.0 took more than 256 MiB of memory")]
    [InlineData("takes", ErrorCodes.PolicyTookMemory, "epoch-7: the policy wrong 1.0.0 took more than 256 MiB of memory and was ended")]
    [InlineData("recurses", ErrorCodes.PolicyEndedProcess, "epoch-7: the policy wrong 1.0.0 ended its process by a stack overflow")]
    [InlineData("exits", ErrorCodes.PolicyEndedProcess, "epoch-7: the policy wrong 1.0.0 ended its process with exit code 7")]
    [InlineData("writes", ErrorCodes.PolicyThrew, "wrote something to its process's output that is no settlement")]
    [InlineData("throws", ErrorCodes.PolicyThrew, "epoch-7: the policy threw InvalidOperationException: the moon is wrong.")]
    [InlineData("negative", ErrorCodes.PolicyThrew, "epoch-7: the policy threw ArgumentOutOfRangeException")]
    [InlineData("sum", ErrorCodes.SettlementSum, "the policy paid out 8 micro-USDC of a volume of 7")]
    [InlineData("stranger", ErrorCodes.SettlementPayee, "stranger.eth")]
    [InlineData("unstable", ErrorCodes.SettlementUnstable, "in two ways")]
    public async Task Whatever_it_does_it_is_told_what_it_was_and_the_next_settlement_is_right(string wrong, string code, string said, int seconds = 60)
    {
        using var host = Host(wrong);
        var policy = host.Services.GetRequiredService<ISettlementPolicy>();

        var refused = await SettleAsync(policy, seconds: seconds);

        Assert.Equal(code, refused.Refusal?.Code);
        Assert.Contains(said, refused.Refusal!.Reason, StringComparison.Ordinal);

        var settled = await SettleAsync(policy, "mended");
        Assert.Null(settled.Refusal);
        Assert.Equal(7, settled.Outcome!.Settlement.Operations.Micro);
    }

    [Fact]
    public async Task What_it_prints_is_no_answer_and_does_no_harm()
    {
        using var host = Host("prints");
        Assert.Equal(7, (await SettleAsync(host.Services.GetRequiredService<ISettlementPolicy>())).Outcome?.Settlement.Operations.Micro);
    }

    [Fact]
    public void It_is_published_as_what_its_own_process_loaded()
    {
        using var host = Host("right");
        var identity = PolicyIdentities.Of(host.Services.GetRequiredService<ISettlementPolicy>());
        var file = Path.Combine(SamplePool.Built(Plugin), Plugin + ".dll");
        Assert.Equal(("wrong", "1.0.0", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(file)))), (identity.Name, identity.Version, identity.Sha256));
    }

    /// <summary>What is published is what the program began with, so another rule in its place is not run before a restart.</summary>
    [Fact]
    public async Task Files_that_have_changed_since_are_refused()
    {
        using var host = Host("throws", copied: true);
        var policy = host.Services.GetRequiredService<ISettlementPolicy>();
        Assert.Equal(ErrorCodes.PolicyThrew, (await SettleAsync(policy)).Refusal?.Code);

        var file = Path.Combine(folder, Plugin, Plugin + ".dll");
        byte[] other = [.. await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken), 0];
        File.Delete(file);
        await File.WriteAllBytesAsync(file, other, TestContext.Current.CancellationToken);

        var refused = await SettleAsync(policy, "mended");
        Assert.Equal(ErrorCodes.PluginChanged, refused.Refusal?.Code);
        Assert.Contains("its files have changed since this program started", refused.Refusal!.Reason, StringComparison.Ordinal);
    }

    /// <summary>The memory that it may take grows with the epoch, so that no pool outgrows its policy.</summary>
    [Fact]
    public async Task A_hundred_thousand_entries_are_settled()
    {
        using var host = Host("right");
        var ledger = Ledgers.Adversarial("a hundred thousand miners, no two alike");
        var verdict = await SettleAsync(host.Services.GetRequiredService<ISettlementPolicy>(), ledger: ledger);
        Assert.Null(verdict.Refusal);
        Assert.Equal(ledger.Volume, verdict.Outcome!.Settlement.Operations);
    }

    [Fact]
    public async Task A_program_that_does_not_answer_is_named_with_its_command()
    {
        using var host = Host("right", new PolicyProgram("/no/such/program", ["policy-process"]));
        var refused = await SettleAsync(host.Services.GetRequiredService<ISettlementPolicy>());
        Assert.Equal(ErrorCodes.PluginConfigureFailed, refused.Refusal?.Code);
        Assert.Contains("/no/such/program policy-process", refused.Refusal!.Reason, StringComparison.Ordinal);
    }

    /// <summary>The end of the program that it serves is the end of its process, whatever the policy does.</summary>
    [Fact]
    public async Task It_is_gone_when_the_program_is()
    {
        var program = Program;
        using var own = Process.Start(new ProcessStartInfo(program.FileName, program.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        own.StandardInput.Close();
        using var patience = new CancellationTokenSource(PoolFolder.Patience);
        await own.WaitForExitAsync(patience.Token);
        Assert.NotEqual(0, own.ExitCode);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static PolicyProgram Program { get; } = new("dotnet", [RunningProgram.FileOf("SwarmPool.Daemon", "swarmpool"), PolicyProgram.Argument]);

    // The plugins' folder is anywhere but with the program, and the plugin in it a link to what was built.
    private IHost Host(string wrong, PolicyProgram? program = null, bool copied = false)
    {
        if (copied)
        {
            SamplePool.Copy(SamplePool.Built(Plugin), Path.Combine(folder, Plugin));
        }
        else
        {
            Directory.CreateSymbolicLink(Path.Combine(folder, Plugin), SamplePool.Built(Plugin));
        }

        var builder = SwarmPoolBuilder.Create(
            new ConfigurationBuilder().AddInMemoryCollection([new("plugins:folder", folder), new($"plugins:use:{Plugin}:wrong", wrong)]).Build(), folder);
        builder.Services.AddSingleton(program ?? Program);
        builder.UsePlugins(new PluginCatalog());
        builder.Require<ISettlementPolicy>("the test");
        return builder.Build();
    }

    private static Task<SettlementVerdict> SettleAsync(ISettlementPolicy policy, string state = "", int seconds = 60, EpochLedger? ledger = null) => PolicySettlement.SettleAsync(
        policy, ledger ?? Ledger, state, TimeSpan.FromSeconds(seconds), TimeProvider.System, TaskScheduler.Default, TestContext.Current.CancellationToken);
}
