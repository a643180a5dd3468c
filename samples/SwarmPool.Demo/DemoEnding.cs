using System.Globalization;

namespace SwarmPool.Demo;

/// <summary>The last screen: what came of it, who is paid, and how to run the same by hand.</summary>
internal static class DemoEnding
{
    public static void Outcome(DemoScreen screen, DemoResult result, string? folder)
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
    }

    public static void ByHand(DemoScreen screen)
    {
        screen.Say("");
        screen.Title("The same by hand, in six terminals");
        screen.Say("""
              alias swarmpool="dotnet run -c Release --project $PWD/samples/SwarmPool.Daemon --"
              alias swarm-miner="dotnet run -c Release --project $PWD/samples/SwarmPool.Miner --"
              alias swarm-client="dotnet run -c Release --project $PWD/samples/SwarmPool.Client --"

              swarmpool init mypool && cd mypool     # keys, names, configuration, a first job
              swarmpool run
              swarm-miner mine --ens miner.alice.eth --key-file keys/miner.alice.eth.key
              swarm-miner mine --ens miner.bob.eth --key-file keys/miner.bob.eth.key
              swarm-client submit job.json --ens clinic.clientswarm.eth \
                --key-file keys/clinic.clientswarm.eth.key
              swarmpool status
            """);
    }
}
