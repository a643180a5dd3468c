using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Core.Auditing;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Content;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Auditing;

/// <summary>Contents that are made to fill an auditor's memory, to end it, or to steer the screen that shows what it found.</summary>
public sealed class HostileContentTests
{
    private readonly CrookedPool pool = new();

    /// <summary>A few index pages name one page of proofs a billion times; the epoch says that there are as many.</summary>
    [Fact]
    public async Task A_list_that_is_longer_than_the_records_give_is_not_read_to_its_end()
    {
        await pool.DoAsync("1", await pool.JoinAsync());
        var epoch = await pool.FetchAsync(await pool.EndEpochAsync());
        var named = epoch.Proofs[0];
        for (var depth = 0; depth < PageTree.MaxDepth; depth++)
        {
            named = await pool.PutAsync(SnapshotCodec.EncodePage<Cid>([.. Enumerable.Repeat(named, 4_000)]));
        }

        var report = await pool.AuditAsync(await pool.PublishAsync(epoch with { Proofs = [named], ProofsCount = 9_007_199_254_740_991 }));
        Assert.Contains(report.Differences, one => one.What.Contains("proofs_count", StringComparison.Ordinal));

        var payees = epoch.Settlements.Miners[0];
        for (var depth = 0; depth < PageTree.MaxDepth; depth++)
        {
            payees = await pool.PutAsync(SnapshotCodec.EncodePage<Cid>([.. Enumerable.Repeat(payees, 4_000)]));
        }

        report = await pool.AuditAsync(await pool.PublishAsync(epoch with { Settlements = epoch.Settlements with { Miners = [payees] } }));
        Assert.Contains(report.Differences, one => one.What.Contains("payee", StringComparison.Ordinal) || one.What.Contains("paid twice", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_with_nothing_where_an_item_should_be_is_no_page()
    {
        await pool.DoAsync("1", await pool.JoinAsync());
        var epoch = await pool.FetchAsync(await pool.EndEpochAsync());
        var page = await pool.PutAsync("{\"items\":[null]}"u8.ToArray());
        await RefusedAsync(epoch with { Proofs = [page] });
        await RefusedAsync(epoch with { Settlements = epoch.Settlements with { Miners = [page] } });

        async Task RefusedAsync(EpochSnapshot forged)
        {
            var cid = await pool.PublishAsync(forged);
            Assert.Equal(ErrorCodes.NullValue, (await Assert.ThrowsAsync<SwarmPoolException>(() => pool.AuditAsync(cid))).Code);
            Assert.Equal(ErrorCodes.NullValue, (await Assert.ThrowsAsync<SwarmPoolException>(() => pool.AuditAloneAsync(cid))).Code);
        }
    }

    /// <summary>Facts with parts left out, or null, in the very form that a writer gives them.</summary>
    [Theory]
    [InlineData("\"settlement\":\\{.*,\"policy_state\":\"[^\"]*\"\\}", "\"settlement\":{\"replaced\":false,\"operations_payee\":{\"name\":\"swarmpool.eth\",\"address\":\"0x0000000000000000000000000000000000000001\"},\"operations\":\"0\"}")]
    [InlineData(",\"miners\":\\[[^]]*\\]", "")]
    [InlineData(",\"miners\":\\[[^]]*\\]", ",\"miners\":[null]")]
    [InlineData(",\"miners\":\\[[^]]*\\]", ",\"miners\":[{}]")]
    [InlineData(",\"miners\":\\[[^]]*\\]", ",\"miners\":null")]
    [InlineData("\"policy\":\\{[^}]*\\},", "")]
    [InlineData("\"policy\":\\{[^}]*\\}", "\"policy\":{}")]
    [InlineData("(\"policy_state\":)\"[^\"]*\"\\}\\},\"events\"", "$1null}},\"events\"")]
    [InlineData(",\"policy_state\":\"[^\"]*\"\\}\\},\"events\"", "}},\"events\"")]
    [InlineData("\"facts\":\\{\"settlement\".*,\"events\"", "\"facts\":{},\"events\"")]
    public async Task A_settlement_that_lacks_a_part_is_a_difference(string part, string by)
    {
        await pool.DoAsync("1", await pool.JoinAsync());
        await pool.EndEpochAsync();
        var second = await pool.EndEpochAsync();
        var told = 0;
        var forged = await pool.RetellAsync(second, body =>
        {
            var changed = body.Contains("\"kind\":\"settled\"", StringComparison.Ordinal) ? Regex.Replace(body, part, by) : body;
            told += changed == body ? 0 : 1;
            return changed;
        });
        Assert.Equal(1, told);
        Assert.False((await pool.AuditAsync(forged)).IsRight);
        Assert.NotNull(await pool.AuditAloneAsync(forged));
    }

    /// <summary>What a stranger wrote is quoted: briefly, and without what steers a terminal.</summary>
    [Fact]
    public async Task A_difference_quotes_no_more_than_is_read_and_nothing_that_steers()
    {
        await pool.DoAsync("1", await pool.JoinAsync());
        var journal = await JournalAsync();
        var flood = journal.Replace("\"at\":", $"\"at\":\"\\u001b[2J{new string('x', 30_000)}\",\"at\":", StringComparison.Ordinal);
        var stolen = journal.Replace("\"price\":\"1\"", $"\"price\":\"1\\u001b]0;{new string('9', 30_000)}\"", StringComparison.Ordinal);
        foreach (var text in new[] { flood, stolen })
        {
            Assert.NotEqual(journal, text);
            var epoch = await pool.FetchAsync(pool.Bench.State.Epochs.LastSealed);
            var report = await pool.AuditAsync(await pool.PublishAsync(epoch with { Journal = [await pool.PutAsync(Encoding.UTF8.GetBytes(text))] }));
            Assert.False(report.IsRight);
            Assert.All(report.Differences, one => Assert.True(one.What.Length <= 1_000 && !one.What.Any(char.IsControl), one.What));
        }

        async Task<string> JournalAsync()
        {
            var epoch = await pool.FetchAsync(await pool.EndEpochAsync());
            return Encoding.UTF8.GetString(pool.Get(epoch.Journal[0]).Span);
        }
    }

    [Fact]
    public async Task Numbers_at_the_ends_of_their_ranges_end_no_audit()
    {
        await pool.DoAsync("1", await pool.JoinAsync());
        var epoch = await pool.FetchAsync(await pool.EndEpochAsync());
        const long Most = 9_007_199_254_740_991;
        EpochSnapshot[] forged =
        [
            epoch with { ToSequence = Most }, epoch with { FromSequence = Most, ToSequence = Most }, epoch with { Number = Most }, epoch with { Number = Most, PreviousEpoch = pool.Bench.State.Epochs.LastSealed },
            epoch with { StartedAt = Most, EndedAt = Most }, epoch with { JobsCount = Most }, epoch with { Timestamp = Most }, epoch with { TotalVolumeUsdc = Usdc.FromMicro(Usdc.MaxMicro) },
        ];
        foreach (var one in forged)
        {
            var cid = await pool.PublishAsync(one);
            Assert.False((await pool.AuditAsync(cid)).IsRight);
            Assert.False((await pool.AuditAloneAsync(cid)).IsRight);
        }
    }

    /// <summary>Records that are wrong by the ten thousand cost the pool nothing, and whoever audits too.</summary>
    [Fact]
    public async Task Wrong_records_without_number_are_not_read_to_their_end()
    {
        for (var wrong = 0; wrong < AuditFindings.MaxCounted + 500; wrong++)
        {
            pool.Bench.Record(new TimeInput());
        }

        var report = await pool.AuditAsync(await pool.EndEpochAsync());
        Assert.InRange(report.DifferenceCount, AuditFindings.MaxCounted, AuditFindings.MaxCounted + 10);
        Assert.InRange(report.Records, AuditFindings.MaxCounted, AuditFindings.MaxCounted + 10);
    }

    /// <summary>Names by the dozen, each of which takes eleven minutes to look up: after the first the audit asks no more, and says so.</summary>
    [Fact]
    public async Task Names_that_are_made_to_be_slow_hold_no_audit_up()
    {
        for (var number = 10; number < 90; number++)
        {
            await pool.JoinAsync(number);
        }

        var epoch = await pool.EndEpochAsync();
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        var asked = 0;
        pool.Time = time;
        pool.Resolve = name =>
        {
            if (name != Messages.Pool && Interlocked.Increment(ref asked) > 0)
            {
                time.Advance(TimeSpan.FromMinutes(11));
            }

            return new IdentityAnswer(IdentityStatus.Known, [TestKeys.Of(name).Address], null, 0, TimeSpan.FromDays(30));
        };
        var report = await pool.AuditAsync(epoch);
        Assert.Empty(report.Differences);
        Assert.True(asked <= 64, $"{asked} names were asked");
        Assert.True(report.Names.Unavailable >= 81 - 64, $"{report.Names.Unavailable}");
        Assert.Equal(81, report.Names.Asked);
    }

    [Fact]
    public void A_checkpoint_whose_state_is_nothing_is_refused()
    {
        string[] states = ["null", "{}", "[]", "1"];
        Assert.All(states, state =>
        {
            var text = $$"""
                {"format":"swarmpool-audit/1","pool":"swarmpool.eth","network":"local","epoch":1,"cid":"{{Messages.AnyCid("e")}}","sequence":1,"hash":"{{new string('0', 64)}}",
                "state_sha256":"{{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(state)))}}","state":{{state}}}
                """;
            Assert.Equal(ErrorCodes.CheckpointUnusable, Assert.Throws<SwarmPoolException>(() => AuditCheckpoint.Read(Encoding.UTF8.GetBytes(text))).Code);
        });
    }
}
