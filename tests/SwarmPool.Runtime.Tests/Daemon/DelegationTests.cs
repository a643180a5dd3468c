using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Core.Pool.Rules;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Observing;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>Session keys before a daemon: what counts, what it costs, and what a stranger can check.</summary>
public sealed class DelegationTests
{
    private static readonly EnsName Miner = Messages.Miner(1);

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    [Fact]
    public async Task A_miner_and_a_client_work_by_session_keys_and_the_names_account_is_paid()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport? watched = null;
        var host = await town.StartAsync(o => o.EpochDurationSeconds = 3600, transport: t => watched = new WatchedTransport(t));
        var miner = await OpenAsync(town, Miner, DelegationRoles.Miner);
        var client = await OpenAsync(town, Messages.Client, DelegationRoles.Client, "10");
        var fetched = new System.Collections.Concurrent.ConcurrentQueue<Cid>();
        watched!.Gate = cid =>
        {
            fetched.Enqueue(cid);
            return Task.CompletedTask;
        };

        await SendAsync(town, miner, town.Messages.Registration(Miner));
        var joined = await town.MessageRecorder.ItemAsync<MinerJoinedItem>(i => i.Miner == Miner);
        Assert.Equal(TestKeys.Of(Miner).Address, joined.Address);
        Assert.NotEqual(miner.Signer.Address, joined.Address);

        for (var i = 0; i < 3; i++)
        {
            var job = await SendAsync(town, client, town.Messages.Job("3"));
            await town.MessageRecorder.ItemAsync<JobNewItem>(item => item.Cid == job.Cid);
            await SendAsync(town, miner, town.Messages.Claim(job.Cid, Miner));
            var claim = await town.MessageRecorder.ItemAsync<ClaimAcceptedItem>(item => item.JobCid == job.Cid);
            var proof = await SendAsync(town, miner, town.Messages.Proof(job.Cid, Miner, claim.Fence, await town.PutAsync("the output")));
            await town.MessageRecorder.ItemAsync<ProofAcceptedItem>(item => item.ProofCid == proof.Cid);
        }

        await RefusedAsync(town, client, "1.000001", ErrorCodes.SpendingCap);
        Assert.Equal([1, 1], new[] { miner, client }.Select(s => fetched.Count(cid => cid == s.Delegation.Cid)));
        await host.Services.GetRequiredService<DaemonControl>().EndEpochAsync(CancellationToken.None);
        await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.Jobs == 3);
        await host.StopAsync();

        // The delegations stand in the journal once each, before what came by them; whoever audits needs nothing else.
        var report = await town.AuditAsync();
        Assert.Equal(2 + 1 + (3 * 3), report.Messages);
        var parts = (await RecordsAsync(town)).SelectMany(r => r.Events).OfType<JobDecided>().SelectMany(d => d.Parts).ToList();
        Assert.All(parts, p => Assert.Equal(TestKeys.Of(Miner).Address, p.Payee));
        Assert.Equal(3, parts.Count);
    }

    [Fact]
    public async Task What_does_not_count_is_dropped_and_what_has_ended_is_told()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync();
        var counters = host.Services.GetRequiredService<IngressCounters>();
        async Task DroppedAsync(string code, Session session, Snapshot body)
        {
            long Count() => counters.Refused.GetValueOrDefault(code);
            var before = Count();
            await SendAsync(town, session, body);
            await RefusalTests.Eventually(() => Count() > before);
        }

        var registration = town.Messages.Registration(Miner);
        await DroppedAsync(ErrorCodes.DelegationInvalid, await OpenAsync(town, Miner, DelegationRoles.Miner, signedBy: Messages.Miner(2)), registration);
        await DroppedAsync(ErrorCodes.DelegationInvalid, await OpenAsync(town, Messages.Miner(2), DelegationRoles.Miner), registration);
        await DroppedAsync(ErrorCodes.DelegationInvalid, await OpenAsync(town, Miner, DelegationRoles.Miner, change: d => d with { Pool = EnsName.Parse("other.eth") }), registration);
        await DroppedAsync(ErrorCodes.DelegationInvalid, await OpenAsync(town, Miner, DelegationRoles.Miner, change: d => d with { Network = "eip155:1" }), registration);
        await DroppedAsync(ErrorCodes.DelegationKey, await OpenAsync(town, Miner, DelegationRoles.Miner, change: d => d with { Key = TestKeys.Of(Messages.Client).Address }), registration);
        await DroppedAsync(ErrorCodes.DelegationRole, await OpenAsync(town, Miner, DelegationRoles.Client, "5"), registration);
        await DroppedAsync(ErrorCodes.DelegationUnavailable, await Session.OpenAsync(Miner, DelegationRoles.Miner, Now), registration); // Nobody has it.

        var expired = await OpenAsync(town, Messages.Client, DelegationRoles.Client, "5", change: d => d with { Timestamp = Now - 100, Expires = Now - 1 });
        await RefusedAsync(town, expired, "1", ErrorCodes.DelegationExpired);
        var revoked = await OpenAsync(town, Messages.Client, DelegationRoles.Client, "5");
        var job = await SendAsync(town, revoked, town.Messages.Job("1"));
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
        await town.SendAsync(revoked.Revocation(Now));
        await town.MessageRecorder.ItemAsync<RevocationAcceptedItem>(i => i.Name == Messages.Client); // Each topic is a queue of its own.
        await RefusedAsync(town, revoked, "1", ErrorCodes.DelegationRevoked);

        // What was accepted before stays accepted, and whoever asks again hears so.
        var heard = town.MessageRecorder.Items<JobNewItem>().Count(i => i.Cid == job.Cid);
        await town.SendAsync(job);
        await RefusalTests.Eventually(() => town.MessageRecorder.Items<JobNewItem>().Count(i => i.Cid == job.Cid) > heard);
        await host.StopAsync();

        // Nothing of it is forgotten by a restart.
        await town.StartAsync();
        await RefusedAsync(town, revoked, "1", ErrorCodes.DelegationRevoked);
    }

    /// <summary>Whoever sends one too many hears so, and what the pool knows can be taken back all the same.</summary>
    [Fact]
    public async Task One_too_many_is_told_to_who_sent_it()
    {
        await using var town = await TestNetwork.OpenAsync();
        await town.StartAsync(o => (o.NameRate, o.PeerRate) = (10_000, 10_000));
        var first = await OpenAsync(town, Messages.Client, DelegationRoles.Client, "1");
        foreach (var number in Enumerable.Range(0, DelegationRules.MostOfName))
        {
            var session = number == 0 ? first : await OpenAsync(town, Messages.Client, DelegationRoles.Client, "1");
            var job = await SendAsync(town, session, town.Messages.Job("0.01"));
            await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
        }

        var more = await OpenAsync(town, Messages.Client, DelegationRoles.Client, "1");
        await RefusedAsync(town, more, "0.01", ErrorCodes.TooManyDelegations);

        for (var number = 0; number < DelegationRules.MostOfName; number++)
        {
            await town.SendAsync(Session.RevocationOf(Messages.Client, Convert.ToHexStringLower(SHA256.HashData([(byte)number])), Now));
        }

        await RefusalTests.Eventually(() => town.MessageRecorder.Items<RevocationAcceptedItem>().Select(i => i.Revokes).Distinct().Count() == DelegationRules.MostOfName);
        var unknown = await town.SendAsync(more.Revocation(Now));
        var refused = await town.MessageRecorder.ItemAsync<RevocationRejectedItem>(i => i.RevocationCid == unknown.Cid);
        Assert.Equal((Messages.Client, more.Delegation.Digest, ErrorCodes.TooManyDelegations), (refused.Name, refused.Revokes, refused.Code));
        await town.SendAsync(first.Revocation(Now));
        await town.MessageRecorder.ItemAsync<RevocationAcceptedItem>(i => i.Revokes == first.Delegation.Digest);

        // A stranger's hears nothing: it is nobody's.
        var forged = await TestNetwork.SignAsync(Session.RevocationOf(Messages.Client, new string('0', 64), Now), by: Miner);
        var heard = town.MessageRecorder.Items<RevocationRejectedItem>().Count();
        await town.SendAsync(forged);
        await town.SendAsync(more.Revocation(Now + 1));
        await RefusalTests.Eventually(() => town.MessageRecorder.Items<RevocationRejectedItem>().Count() > heard);
        Assert.DoesNotContain(town.MessageRecorder.Items<RevocationRejectedItem>(), i => i.RevocationCid == forged.Cid);
    }

    /// <summary>Anybody may name a delegation that is unavailable. It costs a place in a queue of its own, and nobody else's time.</summary>
    [Fact]
    public async Task Delegations_that_can_not_be_had_delay_nobody_else()
    {
        await using var town = await TestNetwork.OpenAsync();
        WatchedTransport? watched = null;
        var never = new TaskCompletionSource();
        await town.StartAsync(transport: t => watched = new WatchedTransport(t));
        var missing = new System.Collections.Concurrent.ConcurrentDictionary<Cid, bool>();
        watched!.Gate = cid => missing.ContainsKey(cid) ? never.Task : Task.CompletedTask;
        for (var i = 0; i < 200; i++)
        {
            var session = await Session.OpenAsync(Miner, DelegationRoles.Miner, Now);
            missing[session.Delegation.Cid] = true;
            await SendAsync(town, session, town.Messages.Registration(Miner));
        }

        var watch = System.Diagnostics.Stopwatch.StartNew();
        var miner = await town.JoinAsync(2);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync(), miner));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"it took {watch.Elapsed}");
        never.SetResult();
    }

    private static async Task<Session> OpenAsync(
        TestNetwork town, EnsName name, string role, string? cap = null, EnsName? signedBy = null, Func<DelegationSnapshot, DelegationSnapshot>? change = null)
    {
        var session = await Session.OpenAsync(name, role, Now, cap, signedBy: signedBy, change: change);
        await town.Transport.Content.PutAsync(session.Delegation.Bytes, CancellationToken.None);
        return session;
    }

    private static async Task<SignedSnapshot> SendAsync(TestNetwork town, Session session, Snapshot body)
    {
        var signed = await session.SignAsync(body);
        await town.SendAsync(signed);
        return signed;
    }

    private static async Task RefusedAsync(TestNetwork town, Session session, string amount, string code)
    {
        var job = await SendAsync(town, session, town.Messages.Job(amount));
        var refused = await town.MessageRecorder.ItemAsync<JobRejectedItem>(i => i.Cid == job.Cid);
        Assert.Equal(code, refused.Code);
    }

    private static async Task<List<PoolRecord>> RecordsAsync(TestNetwork town)
    {
        var records = new List<PoolRecord>();
        await foreach (var stored in town.Compose().Services.GetRequiredService<IPoolJournal>().ReadAsync(1, CancellationToken.None))
        {
            records.Add(RecordCodec.Decode(stored, withInput: true));
        }

        return records;
    }
}
