using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Errors;

namespace SwarmPool.Programs.Tests;

/// <summary>What is typed wrong of a list's filters is told before anything is read.</summary>
public sealed class ListOptionsTests
{
    [Theory]
    [InlineData("--since has to be a day or a time in UTC, like 2026-11-30 or 2026-11-30T14:00:00Z, not 'yesterday'.", "jobs", "--since", "yesterday")]
    [InlineData("--until has to be a day or a time in UTC, like 2026-11-30 or 2026-11-30T14:00:00Z, not '2026-11-30T14:00:00+01:00'.", "miners", "--until", "2026-11-30T14:00:00+01:00")]
    [InlineData("--since has to be a day or a time in UTC, like 2026-11-30 or 2026-11-30T14:00:00Z, not '30.11.2026'.", "epoch", "list", "--since", "30.11.2026")]
    [InlineData("--limit has to be from 1 to 10000.", "jobs", "--limit", "0")]
    [InlineData("--limit has to be from 1 to 10000.", "epoch", "list", "--limit", "10001")]
    [InlineData("--status has to be waiting, claimed, decided, failed, expired or cancelled, not 'decidde'. Did you mean decided?", "jobs", "--status", "decidde")]
    [InlineData("--status has to be idle or working, not 'busy'.", "miners", "--status", "busy")]
    [InlineData("--client: 'Clinic.clientswarm.eth' is not a usable name: labels take a-z, 0-9, $ and -, with _ only at their beginning. ENSIP-15 writes it clinic.clientswarm.eth. Did you mean that?", "jobs", "--client", "Clinic.clientswarm.eth")]
    public async Task It_is_told(string said, params string[] args)
    {
        using var world = new World(width: 1000);
        Assert.Equal(ExitCodes.Usage, await world.SwarmPoolAsync(args));
        Assert.Contains($"✗ {said}\n", world.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Earnings_need_a_name_and_a_model_needs_models()
    {
        using var world = new World(width: 1000);
        await world.SwarmPoolAsync("init");
        Assert.Equal(ExitCodes.Configuration, await world.MinerAsync("earnings"));
        Assert.Contains("SP1001: Whose earnings? Say the miner's name by --ens", world.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await world.MinerAsync("earnings", "--by", "day", "--model", "digits-16"));
        Assert.Contains("--model needs the earnings by model", world.Error, StringComparison.Ordinal);
    }
}
