using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Daemon;
using SwarmPool.Runtime.Daemon.Leadership;
using SwarmPool.Runtime.Daemon.Replay;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;
using SwarmPool.Verification;

namespace SwarmPool.Runtime.Tests.Daemon;

/// <summary>Whoever can write the store and has no key of the pool's gets nothing signed by what he writes there.</summary>
public sealed class UnsignedTailTests
{
    private static readonly EthAddress Thief = EthAddress.Parse("0x00000000000000000000000000000000000000ff");

    [Fact]
    public async Task What_was_not_signed_and_is_right_is_led_on()
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town);
        await town.StartAsync();
        var state = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { Term: 2 })).Body;
        Assert.Equal(1, state.TotalProofs);
    }

    [Fact]
    public async Task Events_that_the_rules_do_not_decide_are_not_led_on()
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town);
        await RefusedAsync(town, "the rules decide", (_, record) => record.Events.OfType<JobDecided>().SingleOrDefault() is { } decided
            ? record with { Events = [.. record.Events.Select(e => e is JobDecided ? decided with { Parts = [decided.Parts[0] with { Payee = Thief }] } : e)] }
            : record);
    }

    [Fact]
    public async Task A_payee_that_the_name_does_not_have_is_not_led_on_though_the_rules_decide_so()
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town);
        await RefusedAsync(town, $"to be paid to {Thief}; asked again", (state, record) => record.Facts is { Verdict: not null, Signer: { } signer }
            ? ForgedJournal.Decided(state, record with { Facts = record.Facts with { Signer = signer with { Payout = Thief } } })
            : record);
    }

    [Fact]
    public async Task A_message_that_its_signer_did_not_sign_is_not_led_on()
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town);
        var others = await TestNetwork.SignAsync((await ProofAsync(town)) with { Sig = null }, by: Messages.Miner(7));
        await RefusedAsync(town, "was signed by", (state, record) => record.Input is MessageInput { Snapshot.Body: ProofSnapshot }
            ? ForgedJournal.Decided(state, record with { Input = new MessageInput(others) })
            : record);
    }

    [Fact]
    public async Task A_proof_that_the_verifier_does_not_take_is_not_led_on()
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town);
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync(verifier: new RefusingVerifier()));
        Assert.Equal(ErrorCodes.JournalNotAsDecided, refused.Code);
        Assert.Contains("is recorded as right; asked again, SP", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_output_that_can_not_be_had_is_waited_for_before_it_is_led_on()
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town);
        var (gate, asked, output) = (new TaskCompletionSource(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), Cid.OfBlock("the output"u8));
        var tries = 0;
        var starting = town.StartAsync(
            o => o.FetchSeconds = 1,
            transport: inner => new WatchedTransport(inner) { Gate = cid => cid == output ? Ask() : Task.CompletedTask });
        await asked.Task.WaitAsync(Patience.Long);
        Assert.False(starting.IsCompleted);
        gate.SetResult();
        await starting;

        Task Ask()
        {
            if (Interlocked.Increment(ref tries) == 2)
            {
                asked.SetResult(); // The first time it was not to be had.
            }

            return gate.Task;
        }
    }

    [Fact]
    public async Task An_output_that_nobody_has_any_longer_is_told_after_a_minute()
    {
        await using var town = await TestNetwork.OpenAsync();
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(30) };
        var (names, proof) = (new NameCache(new KeyNames(), clock), await TestNetwork.SignAsync(new Messages(() => 1_000).Proof(Cid.OfBlock("job"u8), Messages.Miner(1), 1, Cid.OfBlock("output"u8))));
        var missing = new Refusal(ErrorCodes.OutputUnavailable, "it is gone");
        var check = new UnsignedFactCheck(new SignerCheck(names, SignatureEngines.Best), (_, _, _) => new((null, missing)), (_, _) => new((null, missing)), (_, _, _) => throw new InvalidOperationException(), Messages.Pool, new ContentReader(town.Transport.Content, clock), clock);
        var account = TestKeys.Of(Messages.Miner(1)).Address;
        var fact = new UnsignedFact(7, proof, new PoolFacts { Signer = new NameFact(account, account, 0, null), Verdict = new VerdictFact("hash", false) }, null, "");
        var checking = check.CheckAsync([fact], default).AsTask();
        while (!checking.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var told = await Assert.ThrowsAsync<SwarmPoolException>(() => checking);
        Assert.Equal(ErrorCodes.JournalNotAsDecided, told.Code);
        Assert.Contains("can't be asked again now", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_standby_heard_announced_was_signed()
    {
        await using var town = await TestNetwork.OpenAsync();
        var host = await town.StartAsync(o => o.StateSeconds = 60);
        await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot);
        var parts = town.Compose().Services.GetRequiredService<DaemonComponents>();
        await parts.Transport.StartAsync(default);
        await using var published = parts.Published();
        published.Listen();
        await RefusalTests.Eventually(() => published.Signed.Sequence > 0); // By the pointer: now it hears.
        var job = await town.SendAsync(town.Messages.Job());
        await town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid);
        var records = await RecordsAsync(host);
        await RefusalTests.Eventually(() => published.Signed.Sequence == records[^1].Sequence);
        Assert.Equal(records[^1].Hash, published.Signed.Hash);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)] // As one whose policy was replaced: nobody could settle that again.
    public async Task A_settlement_that_pays_somebody_else_is_not_led_on(bool replaced)
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town, endsEpoch: true);
        await RefusedAsync(town, "settles epoch-1", (state, record) => record.Facts.Settlement is { } settlement
            ? ForgedJournal.Decided(state, record with { Facts = record.Facts with { Settlement = settlement with { Replaced = replaced, Miners = [settlement.Miners[0] with { Address = Thief }] } } })
            : record);
    }

    [Theory]
    [InlineData(true, "which the pool did not sign")]
    [InlineData(false, "is of the type 'job'")]
    public async Task An_epoch_that_is_sealed_by_another_word_than_the_pools_is_not_led_on(bool isAnEpoch, string what)
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town, endsEpoch: true);
        var content = town.Transport.Content;
        var sealedBy = (await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.Jobs == 1)).Cid;
        Assert.True(SnapshotCodec.TryDecode(await content.GetAsync(sealedBy, SnapshotCodec.MaxBytes, default), out var epoch, out _));
        var others = isAnEpoch
            ? await TestNetwork.SignAsync(((EpochSnapshot)epoch.Body) with { Sig = null, JobsCount = 7 }, by: Messages.Miner(7))
            : await TestNetwork.SignAsync(town.Messages.Job());
        var forged = await content.PutAsync(others.Bytes, default);
        await RefusedAsync(town, what, (state, record) => record.Input is SealedInput sealed_
            ? ForgedJournal.Decided(state, record with { Input = sealed_ with { Cid = forged } })
            : record);
    }

    [Fact]
    public async Task A_record_before_the_last_that_was_signed_is_not_to_be_changed_either()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await town.StartAsync();
        await town.SubmitAsync();
        await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { TotalJobs: 1 });
        first.Dispose();
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync(journal: j => new ForgedJournal(j, (state, record) =>
            record.Input is MessageInput { Snapshot.Body: JobSnapshot }
                ? ForgedJournal.Decided(state, record with { Facts = record.Facts with { Signer = record.Facts.Signer! with { Payout = Thief } } })
                : record)));
        Assert.Equal(ErrorCodes.JournalBehindPublished, refused.Code);
    }

    [Fact]
    public async Task A_store_that_is_changed_beneath_a_running_daemon_gets_nothing_sealed_or_signed()
    {
        await using var town = await TestNetwork.OpenAsync();
        ShiftingJournal? journal = null;
        var host = await town.StartAsync(journal: inner => journal = new ShiftingJournal(inner));
        var miner = await town.JoinAsync(1);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync("9000"), miner));

        // The record that decided the job, with another payee, hashed anew; and all after it, so that they chain.
        journal!.Forge = (state, record) => record.Events.OfType<JobDecided>().SingleOrDefault() is { } decided
            ? record with { Events = [.. record.Events.Select(e => e is JobDecided ? decided with { Parts = [decided.Parts[0] with { Payee = Thief }] } : e)] }
            : record;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(stopped.SetResult);
        await host.Services.GetRequiredService<DaemonControl>().EndEpochAsync(CancellationToken.None);
        await stopped.Task.WaitAsync(Patience.Long);
        var told = await Assert.ThrowsAsync<SwarmPoolException>(() => host.StopAsync());
        Assert.Equal(ErrorCodes.JournalDamaged, told.Code);
        Assert.Contains("does not lead to record", told.Message, StringComparison.Ordinal);
        Assert.Empty(town.MessageRecorder.Items<EpochSealedItem>());
    }

    [Fact]
    public async Task An_operator_can_vouch_for_what_nobody_can_ask_again()
    {
        await using var town = await TestNetwork.OpenAsync();
        await PaidAsync(town);
        IPoolJournal Forged(IPoolJournal inner) => new ForgedJournal(inner, (state, record) => record.Facts is { Verdict: not null, Signer: { } signer }
            ? ForgedJournal.Decided(state, record with { Facts = record.Facts with { Signer = signer with { Payout = Thief } } })
            : record);

        JournalHead head;
        using (var tool = town.Compose(journal: Forged))
        {
            head = await tool.Services.GetRequiredService<IPoolJournal>().HeadAsync(default);
        }

        var other = new JournalHead(head.Sequence, new byte[32]);
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync(o => o.AcceptJournalHead = HeadText.Of(other), journal: Forged));
        Assert.Equal(ErrorCodes.JournalBehindPublished, refused.Code);
        await town.StartAsync(o => o.AcceptJournalHead = HeadText.Of(head), journal: Forged);
    }

    [Fact]
    public async Task A_copy_of_the_state_that_the_pool_did_not_sign_is_not_believed()
    {
        await using var town = await TestNetwork.OpenAsync();
        var first = await town.StartAsync();
        await town.SubmitAsync();
        await first.StopAsync();
        first.Dispose();
        using (var tool = town.Compose())
        {
            var journal = tool.Services.GetRequiredService<IPoolJournal>();
            var lease = await journal.AcquireAsync("swarmpool.eth", "test", TimeSpan.FromSeconds(10), default);
            var copy = (await journal.LoadSnapshotAsync(default))!;
            var (format, body) = CopySeal.Open(copy);
            Assert.NotEqual(copy.Format, format);
            var state = StateCodec.Decode(body.Span);
            state.TotalJobs = 1_000;
            foreach (var forged in new[]
            {
                copy with { Format = format, Body = StateCodec.Encode(state) },
                copy with { Body = (byte[])[.. copy.Body.Span[..Secp256k1Form.SignatureBytes], .. StateCodec.Encode(state)] },
            })
            {
                await journal.SaveSnapshotAsync(lease, forged, default);
                Assert.False(await tool.Services.GetRequiredService<CopySeal>().IsOursAsync(forged, default));
            }

            Assert.True(await tool.Services.GetRequiredService<CopySeal>().IsOursAsync(copy, default));
            await journal.ReleaseAsync(lease, default);
        }

        await town.StartAsync();
        var published = (PoolStateSnapshot)(await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot { Term: > 1 })).Body;
        Assert.Equal(1, published.TotalJobs);
    }

    [Fact]
    public async Task A_standby_judges_as_it_follows_and_only_what_the_pool_has_not_signed()
    {
        await using var town = await TestNetwork.OpenAsync();
        var records = await RecordsAsync(town, 40);
        var decided = new List<long>();
        var signed = JournalHead.Empty;
        var tail = new UnsignedTail(
            (state, input, facts, at) =>
            {
                decided.Add(state.Sequence + 1);
                return PoolMachine.Decide(state, input, facts, at);
            },
            SignatureEngines.Best,
            Messages.Pool,
            "local",
            () => signed);
        var journal = new ListJournal(records.Take(10).ToList());
        var warm = new FollowerState(journal, TaskScheduler.Default, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance, null, tail);
        await warm.CatchUpAsync(default);
        Assert.Equal(Enumerable.Range(1, 10).Select(n => (long)n), decided);
        Assert.NotEmpty(tail.Facts);

        // It is behind the state that it heard of: the chain alone leads there.
        signed = new JournalHead(30, records[29].Hash);
        await journal.AppendAsync(new JournalLease(1, ""), records[10..35], default);
        await warm.CatchUpAsync(default);
        Assert.Equal(Enumerable.Range(1, 10).Concat(Enumerable.Range(31, 5)).Select(n => (long)n), decided);
        Assert.All(tail.Facts, fact => Assert.True(fact.Sequence > 30));

        // Another record in the place of one that was signed.
        signed = new JournalHead(38, records[36].Hash);
        await journal.AppendAsync(new JournalLease(1, ""), records[35..], default);
        Assert.Equal(ErrorCodes.JournalBehindPublished, (await Assert.ThrowsAsync<SwarmPoolException>(async () => await warm.CatchUpAsync(default))).Code);
    }

    [Theory]
    [InlineData("812")]
    [InlineData("0:00")]
    [InlineData(":aa")]
    [InlineData("7:zz")]
    public void What_is_no_head_is_no_head(string text) => Assert.False(HeadText.TryParse(text, out _));

    private static async Task<List<JournalRecord>> RecordsAsync(TestNetwork town, int count)
    {
        using var host = await town.StartAsync();
        var jobs = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => town.SendAsync(town.Messages.Job())));
        await Task.WhenAll(jobs.Select(job => town.MessageRecorder.ItemAsync<JobNewItem>(i => i.Cid == job.Cid)));
        return await RecordsAsync(host);
    }

    private static async Task<List<JournalRecord>> RecordsAsync(IHost host)
    {
        var records = new List<JournalRecord>();
        await foreach (var record in host.Services.GetRequiredService<IPoolJournal>().ReadAsync(1, default))
        {
            records.Add(record);
        }

        return records;
    }

    private static async Task<Snapshot> ProofAsync(TestNetwork town)
    {
        using var tool = town.Compose();
        var inputs = (await RecordsAsync(tool)).Select(stored => RecordCodec.Decode(stored, withInput: true).Input).OfType<MessageInput>();
        return inputs.Single(input => input.Snapshot.Body is ProofSnapshot).Snapshot.Body;
    }

    /// <summary>A job of 9,000 USDC is paid for, after the only state that was published; then the daemon is gone.</summary>
    private static async Task PaidAsync(TestNetwork town, bool endsEpoch = false)
    {
        var host = await town.StartAsync(o => o.StateSeconds = 60);
        await town.MessageRecorder.SnapshotAsync(s => s.Body is PoolStateSnapshot);
        var miner = await town.JoinAsync(1);
        await town.ProveAsync(await town.ClaimAsync(await town.SubmitAsync("9000"), miner));
        if (endsEpoch)
        {
            await host.Services.GetRequiredService<DaemonControl>().EndEpochAsync(CancellationToken.None);
            await town.MessageRecorder.ItemAsync<EpochSealedItem>(i => i.Jobs == 1);
        }

        host.Dispose();
    }

    private sealed class RefusingVerifier : IProofVerifier
    {
        public string Name => "hash";

        public ValueTask<ProofJudgement> VerifyAsync(ProofEvidence evidence, CancellationToken cancellationToken) => new(new ProofJudgement(ProofJudgementKind.Refused, "it is nonsense"));
    }

    private static async Task RefusedAsync(TestNetwork town, string what, Func<PoolState, PoolRecord, PoolRecord> forge)
    {
        var refused = await Assert.ThrowsAsync<SwarmPoolException>(() => town.StartAsync(journal: inner => new ForgedJournal(inner, forge)));
        Assert.Equal(ErrorCodes.JournalNotAsDecided, refused.Code);
        Assert.Contains(what, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("Record ", refused.Message, StringComparison.Ordinal);
    }
}
