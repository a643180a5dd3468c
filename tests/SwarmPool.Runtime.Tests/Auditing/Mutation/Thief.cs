using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>A miner of the operator's own: it registers, claims and proves as any may.</summary>
internal static class Thief
{
    public static readonly EnsName Name = Messages.Miner(9);

    public static async Task JoinAsync(Operator teller, long at) => await SendAsync(teller, at, MessagesAt(at).Registration(Name));

    public static async Task ClaimAsync(Operator teller, long at, Cid job, int attempt) => await SendAsync(teller, at, MessagesAt(at).Claim(job, Name, attempt));

    public static async Task ProveAsync(Operator teller, long at, Cid job, int attempt, Cid? output = null, string verifier = VerdictFact.BuiltIn) =>
        await SendAsync(teller, at, MessagesAt(at).Proof(job, Name, teller.State.Fence, output ?? Messages.AnyCid("an output"), attempt), new VerdictFact(verifier, false));

    private static Messages MessagesAt(long at) => new(() => at / 1000);

    private static async Task SendAsync(Operator teller, long at, Snapshot body, VerdictFact? verdict = null) => await teller.TellAsync(
        new PoolRecord(0, at, 0, new MessageInput(await TestNetwork.SignAsync(body)), new PoolFacts { Signer = Story.Own(Name), Verdict = verdict }, []));
}
