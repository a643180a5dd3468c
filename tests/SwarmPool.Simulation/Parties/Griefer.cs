using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Parties;

/// <summary>
/// Free names that cost the others what they can: as miners they claim every job and give it back, are silent, or hold on for as long as
/// they may; as clients they send jobs that every miner fails, and jobs whose replicas they themselves make disagree.
/// </summary>
internal sealed class Griefer
{
    private readonly SimProcess process;
    private readonly Dice dice;
    private readonly StrangerMessages say;
    private readonly int names;
    private readonly Queue<JobNewItem> offered = new();
    private readonly Queue<ClaimAcceptedItem> won = new();
    private readonly List<ClaimAcceptedItem> held = [];
    private readonly HashSet<Cid> own = [];
    private int sent;

    public Griefer(SimNetwork network, Pump pump, Dice dice, int names)
    {
        this.dice = dice;
        this.names = names;
        process = new SimProcess(pump, "griefer");
        say = new StrangerMessages(network, process, "griefer");
        network.Sent += (_, _, payload) => Hear(payload);
    }

    public async Task RunAsync(Func<bool> over) => await process.RunAsync(async () =>
    {
        while (!over())
        {
            await RegisterAsync();
            await SubmitAsync();
            for (var i = 0; i < 20 && !over(); i++)
            {
                await ClaimAsync();
                await SpoilAsync();
                await Task.Delay(dice.Span(0.1, 1), process.Time);
            }
        }
    });

    private void Hear(ReadOnlyMemory<byte> payload)
    {
        if (!SnapshotCodec.TryDecode(payload, out var said, out _))
        {
            return;
        }

        switch (said.Body)
        {
            case JobsNew news:
                Keep(offered, news.Items);
                own.UnionWith(news.Items.Where(item => Cast.BadClients.Contains(item.Client)).Select(item => item.Cid));
                break;
            case ClaimsAccepted taken:
                Keep(won, taken.Items.Where(item => Cast.Griefers.Contains(item.Miner)));
                break;
        }
    }

    private static void Keep<T>(Queue<T> queue, IEnumerable<T> items)
    {
        foreach (var item in items)
        {
            queue.Enqueue(item);
            if (queue.Count > 200)
            {
                queue.Dequeue();
            }
        }
    }

    private async Task RegisterAsync()
    {
        foreach (var name in Cast.Griefers.Take(names))
        {
            await say.PublishAsync(say.Registration(name), Cast.KeyOf(name));
        }
    }

    private async Task SubmitAsync()
    {
        foreach (var name in Cast.BadClients.Take(names))
        {
            var input = await say.StoreAsync($"{SimBackend.Bad}{++sent}");
            await say.PublishAsync(say.Job(name, input, Usdc.FromMicro(1), names > 1 && dice.Chance(0.3) ? 2 : null), Cast.KeyOf(name));
        }
    }

    private async Task ClaimAsync()
    {
        while (offered.TryDequeue(out var job))
        {
            foreach (var name in Cast.Griefers.Take(names))
            {
                await say.PublishAsync(say.Claim(job.Cid, job.Attempt, name), Cast.KeyOf(name));
            }
        }
    }

    private async Task SpoilAsync()
    {
        while (won.TryDequeue(out var claim))
        {
            if (IsOwn(claim) && dice.Chance(0.5))
            {
                await say.PublishAsync(say.Proof(claim, claim.Miner, await say.StoreAsync($"the word of {claim.Miner}")), Cast.KeyOf(claim.Miner));
                continue;
            }

            switch (dice.Below(4))
            {
                case 0:
                    await say.PublishAsync(say.Release(claim, LeaseEndReasons.Failed), Cast.KeyOf(claim.Miner));
                    break;
                case 1:
                    await say.PublishAsync(say.Release(claim, LeaseEndReasons.Released), Cast.KeyOf(claim.Miner));
                    break;
                case 2:
                    held.Add(claim);
                    break;
            }
        }

        held.RemoveAll(claim => claim.LimitUntil < process.Time.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var claim in held.TakeLast(8))
        {
            await say.PublishAsync(say.Heartbeat(claim), Cast.KeyOf(claim.Miner));
        }
    }

    // Proofs of others' jobs would be lies that are paid: what is against that is another matter.
    private bool IsOwn(ClaimAcceptedItem claim) => own.Contains(claim.JobCid);
}
