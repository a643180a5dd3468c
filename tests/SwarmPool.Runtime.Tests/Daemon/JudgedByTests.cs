using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Packs;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon.Ingress;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>Manifests that proofs are judged by: kept, so many of them.</summary>
public sealed class JudgedByTests
{
    private const int Most = 64;

    private readonly MemoryNet net = new();
    private readonly Messages messages = new(static () => 1_700_000_000);

    [Fact]
    public async Task Whoever_names_many_packs_only_makes_the_oldest_be_fetched_again()
    {
        var (content, patience) = (new ContentReader(net.Join().Content, TimeProvider.System), TimeSpan.FromSeconds(1));
        var judged = new JudgedBy(content, new RationedReader(content, 1000, patience, "The job's input"), new RationedReader(content, 1000, patience, "The proof's evidence"), patience);
        var packs = Enumerable.Range(0, Most + 1).Select(i => net.Put(Manifest(i))).ToList();
        foreach (var pack in packs)
        {
            Assert.Null(await RefusalAsync(judged, pack));
        }

        net.Content.Clear();
        foreach (var pack in packs.Skip(1))
        {
            Assert.Null(await RefusalAsync(judged, pack));
        }

        Assert.Equal(ErrorCodes.JudgedByUnavailable, (await RefusalAsync(judged, packs[0]))?.Code);
    }

    private static byte[] Manifest(int number) => ModelPackCodec.Encode(new ModelPack
    {
        Name = $"model-{number}",
        Files = [new PackFile("weights.bin", Messages.AnyCid("weights"), 7, new string('a', 64))],
    });

    private async Task<Refusal?> RefusalAsync(JudgedBy judged, Cid pack)
    {
        var proof = messages.Proof(Messages.AnyCid("job"), Messages.Miner(1), 7, Messages.AnyCid("output"));
        var evidence = new ProofEvidence(proof.JobCid, messages.Job(), Messages.AnyCid("proof"), proof with { Metrics = proof.Metrics with { PackCid = pack } }, "output"u8.ToArray());
        var (seen, refusal) = await judged.UseAsync<string>(
            evidence, VerificationNeeds.Manifest, static proof => new((proof.Manifest is { Length: > 0 } ? "seen" : null, null)), CancellationToken.None);
        Assert.Equal(refusal is null, seen is not null);
        return refusal;
    }
}
