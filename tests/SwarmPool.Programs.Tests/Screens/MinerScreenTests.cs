using SwarmPool.Programs.Miner.Screens;
using SwarmPool.Programs.Reporting;
using SwarmPool.Programs.Tests.Support;
using SwarmPool.Runtime.Miner;
using SwarmPool.Settlement;

namespace SwarmPool.Programs.Tests.Screens;

public sealed class MinerScreenTests
{
    [Theory]
    [MemberData(nameof(DaemonScreenTests.Terminals), MemberType = typeof(DaemonScreenTests))]
    public async Task The_miners_story(string variant, int width, bool unicode)
    {
        using var world = new World(width, unicode);
        await world.PrintAsync(printer => Tell(new MinerScreen(world.Context.Screen, new Story(world.Context.Screen, printer, world.Time))));
        Verified.Matches(world.Screen, variant);
    }

    [Fact]
    public async Task The_miners_events()
    {
        using var world = new World();
        await world.PrintAsync(printer => Tell(new MinerEvents(new EventWriter(world.Context.Out, printer, world.Time))));
        Verified.Matches(world.Out);
    }

    private static void Tell(IMinerObserver observer)
    {
        observer.Started(Things.Alice, Things.Pool, MiningMode.SOLO, ["digits-16", "silero-vad"], ["X64, 2 processors"]);
        observer.ModelNotOffered("adder-1", "SP5241", "adder-1, golden vector 1 (text-generation, golden/sum.txt): from byte 9 on '42' is expected, and '43' came.");
        observer.Registered(Things.Account);
        observer.Idle(IdleReason.NoJobs, "no job waits");
        observer.JobSeen(Things.NewJob);
        observer.Claiming(Things.Job, 1);
        observer.ClaimWon(Things.Claim);
        observer.Executing(Things.Job, "digits-16");
        observer.Progress(Things.Job, 10);
        observer.Progress(Things.Job, 50);
        observer.ProofSent(Things.Job, Things.Proof);
        observer.ProofAccepted(Things.Job, Things.Proof, "epoch-7", 1);
        observer.ClaimLost(Things.CidOf("other"), Things.Bob);
        observer.ClaimRefused(Things.CidOf("other"), "SP3105", "The miner holds 4 claims, as many as it may.");
        observer.ProofRejected(Things.Job, "SP3201", "The lease is over.");
        observer.Earned("epoch-7", Usdc.Parse("0.075"), Usdc.Parse("0.15"));
        observer.Released(Things.Job, "failed", "the input is no PNG");
        observer.LeaseLost(Things.Job, "timeout");
        observer.RegistrationRefused("SP3302", "The pool takes no more miners.");
        observer.AnotherOfThisName(World.Now, goesOn: true);
        observer.AnotherOfThisName(World.Now, goesOn: false);
        observer.PoolSilent(TimeSpan.FromSeconds(121));
        observer.PoolBack(TimeSpan.FromMinutes(200));
        observer.Draining(1);
    }
}
