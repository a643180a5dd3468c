using System.Text;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Settlement;
using SwarmPool.Simulation.Engine;
using SwarmPool.Simulation.Network;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Simulation.Parties;

/// <summary>A party without a role: it has a name and a key, hears everything, and says what it likes.</summary>
internal sealed class Liar
{
    private readonly SimNetwork network;
    private readonly SimProcess process;
    private readonly Dice dice;
    private readonly List<(string Topic, byte[] Payload)> heard = [];
    private readonly List<JobNewItem> offered = [];
    private readonly List<ClaimAcceptedItem> claims = [];
    private readonly StrangerMessages say;

    public Liar(SimNetwork network, Pump pump, Dice dice)
    {
        this.network = network;
        this.dice = dice;
        process = new SimProcess(pump, Cast.Mallory.Text);
        say = new StrangerMessages(network, process, "liar");
        network.Sent += (_, topic, payload) => Hear(topic, payload.ToArray());
    }

    public async Task RunAsync(Func<bool> over)
    {
        await process.RunAsync(async () =>
        {
            while (!over())
            {
                await ActAsync();
                await Task.Delay(dice.Span(0.2, 3), process.Time);
            }
        });
    }

    private void Hear(string topic, byte[] payload)
    {
        if (heard.Count < 400)
        {
            heard.Add((topic, payload));
        }
        else
        {
            heard[dice.Below(heard.Count)] = (topic, payload);
        }

        if (SnapshotCodec.TryDecode(payload, out var said, out _))
        {
            switch (said.Body)
            {
                case JobsNew news: offered.AddRange(news.Items); break;
                case ClaimsAccepted taken: claims.AddRange(taken.Items); break;
            }
        }
    }

    private Task ActAsync() => dice.Below(12) switch
    {
        0 => say.PublishAsync(say.Registration(Cast.Mallory), Cast.KeyOf(Cast.Mallory)),
        1 or 2 => HoardAsync(),
        3 => ReplayAsync(),
        4 => ForgeClaimAsync(),
        5 => ForgeProofAsync(),
        6 => ProveTwiceAsync(),
        7 => ForgeAnnouncementAsync(),
        8 => GarbageAsync(),
        9 => PointNowhereAsync(),
        10 => ForgeJobAsync(),
        _ => EquivocateAsync(),
    };

    private async Task HoardAsync()
    {
        foreach (var job in offered.TakeLast(3))
        {
            await say.PublishAsync(say.Claim(job.Cid, job.Attempt, Cast.Mallory), Cast.KeyOf(Cast.Mallory));
        }
    }

    private Task ReplayAsync()
    {
        if (heard.Count > 0)
        {
            var (topic, payload) = dice.Of(heard);
            network.Publish(process, topic, payload);
        }

        return Task.CompletedTask;
    }

    // Somebody else's name, our key.
    private Task ForgeClaimAsync() => offered.Count == 0
        ? Task.CompletedTask
        : say.PublishAsync(say.Claim(offered[^1].Cid, offered[^1].Attempt, Cast.Miners[0]), dice.Chance(0.5) ? Cast.Stranger : Cast.KeyOf(Cast.Mallory));

    // For a claim of somebody else, under our own name and key, with the true fence.
    private async Task ForgeProofAsync()
    {
        if (claims.Count > 0)
        {
            var claim = dice.Of(claims);
            var output = await say.StoreAsync("stolen");
            await say.PublishAsync(say.Proof(claim, Cast.Mallory, output), Cast.KeyOf(Cast.Mallory));
            await say.PublishAsync(say.Proof(claim, claim.Miner, output), Cast.KeyOf(Cast.Mallory));
        }
    }

    // For a claim of our own: two proofs of one claim, one of them with an output that nobody has.
    private async Task ProveTwiceAsync()
    {
        if (claims.FindLast(c => c.Miner == Cast.Mallory) is { } own)
        {
            await say.PublishAsync(say.Proof(own, Cast.Mallory, Cid.OfBlock(Encoding.UTF8.GetBytes($"nowhere {say.Nonce()}"))), Cast.KeyOf(Cast.Mallory));
            if (dice.Chance(0.3))
            {
                var output = await say.StoreAsync("anything");
                await say.PublishAsync(say.Proof(own, Cast.Mallory, output), Cast.KeyOf(Cast.Mallory));
                await say.PublishAsync(say.Proof(own, Cast.Mallory, output), Cast.KeyOf(Cast.Mallory));
            }
        }
    }

    // The pool's name, and a key that is not the pool's.
    private async Task ForgeAnnouncementAsync()
    {
        if (offered.Count == 0)
        {
            return;
        }

        var job = dice.Of(offered);
        Announcement lie = dice.Chance(0.5)
            ? new ProofsAccepted
            {
                Pool = Cast.Pool,
                Network = "local",
                Timestamp = say.Now,
                Nonce = say.Nonce(),
                FromSequence = 1,
                ToSequence = 9_000,
                JournalHead = new string('0', 64),
                Items = [new ProofAcceptedItem(job.Cid, await say.StoreAsync("no proof"), await say.StoreAsync("lie"), job.Attempt, Cast.Mallory, "epoch-1", true)],
            }
            : new JobsFailed
            {
                Pool = Cast.Pool,
                Network = "local",
                Timestamp = say.Now,
                Nonce = say.Nonce(),
                FromSequence = 1,
                ToSequence = 9_000,
                JournalHead = new string('0', 64),
                Items = [new JobFailedItem(job.Cid, Cast.Client, "expired", 1)],
            };
        var signed = await SnapshotCodec.SignAsync(lie, Cast.KeyOf(Cast.Mallory), CancellationToken.None);
        network.Publish(process, Topics.Of(Cast.Pool, lie.Type), signed.Bytes);
    }

    private Task GarbageAsync()
    {
        var bytes = new byte[dice.Between(0, 300)];
        for (var i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)dice.Below(256);
        }

        if (heard.Count > 0 && dice.Chance(0.5))
        {
            bytes = [.. dice.Of(heard).Payload];
            if (bytes.Length > 0)
            {
                bytes[dice.Below(bytes.Length)] ^= (byte)(1 << dice.Below(8));
            }
        }

        foreach (var topic in new[] { Topics.Jobs, Topics.Claims, Topics.Proofs, SnapshotTypes.JobsNew, SnapshotTypes.State })
        {
            network.Publish(process, Topics.Of(Cast.Pool, topic), bytes);
        }

        return Task.CompletedTask;
    }

    private Task PointNowhereAsync()
    {
        for (var i = 0; i < 4; i++)
        {
            var nowhere = SnapshotPointer.Encode(Cid.OfBlock(Encoding.UTF8.GetBytes(say.Nonce())));
            network.Publish(process, Topics.Of(Cast.Pool, dice.Of([Topics.Jobs, Topics.Proofs, Topics.Claims, SnapshotTypes.ClaimsAccepted])), nowhere);
        }

        return Task.CompletedTask;
    }

    private async Task ForgeJobAsync()
    {
        var job = new JobSnapshot
        {
            Client = Cast.Client,
            Pool = dice.Chance(0.3) ? Cast.Trudy : Cast.Pool,
            Network = "local",
            Timestamp = say.Now,
            Nonce = say.Nonce(),
            JobType = "t",
            Model = Cast.Model,
            InputCid = await say.StoreAsync("input"),
            Payment = new JobPayment(Usdc.FromMicro(dice.Between(1, 1000))),
            Deadline = say.Now + 60,
        };
        await say.PublishAsync(job, Cast.KeyOf(Cast.Mallory));
        await say.PublishAsync(job with { Client = Cast.Mallory, InputCid = Cid.OfBlock(Encoding.UTF8.GetBytes(say.Nonce())) }, Cast.KeyOf(Cast.Mallory));
    }

    // Two registrations of one moment that say different things.
    private async Task EquivocateAsync()
    {
        var first = say.Registration(Cast.Mallory);
        await say.PublishAsync(first, Cast.KeyOf(Cast.Mallory));
        await say.PublishAsync(first with { Mode = MiningMode.SOLO, Models = [Cast.Model, "other"], Nonce = say.Nonce() }, Cast.KeyOf(Cast.Mallory));
    }
}
