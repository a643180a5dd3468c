using System.Globalization;

namespace SwarmPool.Demo;

/// <summary>The last screen: what came of it, who is paid, and how to run the same by hand.</summary>
internal static class DemoEnding
{
    public static void Show(DemoScreen screen, DemoResult result, string? folder)
    {
        screen.Settlement(result);
        screen.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Answered} of {result.Jobs} jobs answered, {result.Correct} of them rightly; {result.Requeued} came back to the pool and was done by another."));
        screen.Say($"The epoch {result.Epoch}");
        screen.Say(result.Audit.Count == 0
            ? "was recomputed from its signed inputs: every payout is the same to the micro-unit."
            : "was recomputed from its signed inputs and DIFFERS: " + string.Join("; ", result.Audit));
        if (folder is not null)
        {
            screen.Say($"All that was published lies in {folder}.");
        }

        screen.Say("");
        screen.Title("The same by hand, in six terminals");
        screen.Say("""
              dotnet run -c Release --project samples/SwarmPool.Daemon -- init mypool
              dotnet run -c Release --project samples/SwarmPool.Daemon -- run --config mypool/swarmpool.json
              dotnet run -c Release --project samples/SwarmPool.Miner  -- mine --config mypool/swarm-miner.json --ens miner.alice.eth --key-file mypool/keys/miner.alice.eth.key
              dotnet run -c Release --project samples/SwarmPool.Miner  -- mine --config mypool/swarm-miner.json --ens miner.bob.eth --key-file mypool/keys/miner.bob.eth.key --mode PPS
              dotnet run -c Release --project samples/SwarmPool.Client -- submit mypool/job.json --config mypool/swarm-client.json --ens clinic.clientswarm.eth --key-file mypool/keys/clinic.clientswarm.eth.key
              dotnet run -c Release --project samples/SwarmPool.Daemon -- status --config mypool/swarmpool.json
            """);
    }
}
