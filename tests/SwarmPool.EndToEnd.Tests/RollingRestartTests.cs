using SwarmPool.Plugins.Embedded;

namespace SwarmPool.EndToEnd.Tests;

/// <summary>The sequence of docs/operating.md: of two daemons on one journal each is restarted in its turn, while jobs flow.</summary>
public sealed class RollingRestartTests
{
    private const int Restarts = 4;

    [Fact]
    public async Task Daemons_that_are_restarted_in_turn_lose_no_job_and_pay_none_twice()
    {
        using var folder = await PoolFolder.InitAsync(
            ("plugins__use__SwarmPool.Plugins.Embedded__broker", "false"), ("state_seconds", "1"), ("cool_down_seconds", "0"), ("epoch_duration_seconds", "10"), ("max_attempts", "100"));
        await using var client = await SteadyClient.StartAsync(folder.Root, builder => builder.UseEmbeddedTransport(o =>
        {
            o.Url = folder.Url;
            o.Broker = true; // A broker of its own: neither daemon's end is the others'.
        }));
        var leads = folder.Daemon("--standby", "--json");
        var follows = leads;
        try
        {
            await leads.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
            follows = folder.Daemon("--standby", "--json");
            await follows.SaysAsync(PoolFolder.Patience, "\"event\":\"standing_by\"");
            await using var alice = folder.Miner("miner.alice.eth");
            await using var bob = folder.Miner("miner.bob.eth", "--mode", "PPS");
            client.Begin();
            for (var restart = 0; restart < Restarts; restart++)
            {
                await client.HearAsync(6, PoolFolder.Patience);
                leads.Interrupt();
                Assert.True(await leads.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', leads.Lines));
                await leads.DisposeAsync();
                leads = follows;
                await leads.SaysAsync(PoolFolder.Patience, "\"event\":\"started\"");
                follows = folder.Daemon("--standby", "--json");
                await follows.SaysAsync(PoolFolder.Patience, "\"event\":\"standing_by\"");
            }

            await client.EndAsync(PoolFolder.Patience);
            follows.Interrupt();
            Assert.True(await follows.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', follows.Lines));
            leads.Interrupt();
            Assert.True(await leads.EndsAsync(PoolFolder.Patience) == 0, string.Join('\n', leads.Lines));
        }
        finally
        {
            await leads.DisposeAsync();
            await follows.DisposeAsync();
        }

        using var books = new KillLedger(folder);
        await books.BalanceAsync(client);
        Assert.Equal(Restarts + 1, books.State.Term);
    }
}
