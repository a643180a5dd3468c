using System.Text;
using SwarmPool.Core.Auditing;
using SwarmPool.Protocol.Errors;

namespace SwarmPool.Runtime.Tests.Auditing;

public sealed class AuditCheckpointTests
{
    [Fact]
    public async Task An_audit_goes_on_where_the_last_one_ended()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var first = await audited.AuditHistoryAsync(audited.First, keepCheckpoint: true);
        var kept = AuditCheckpoint.Read(first.Checkpoint!.ToBytes());
        Assert.Equal((1, audited.First, first.Snapshot.ToSequence), (kept.Epoch, kept.Cid, kept.Sequence));
        Assert.Equal(first.Checkpoint.ToBytes().ToArray(), kept.ToBytes().ToArray());

        var second = await audited.AuditHistoryAsync(audited.Second, kept, keepCheckpoint: true);
        Assert.Empty(second.Differences);
        Assert.True(second is { DecidedAgain: true, Epochs: 1, Splits: 1, SplitChecked: true });
        Assert.Equal(second.Snapshot.ToSequence - first.Snapshot.ToSequence, second.Records);

        // The same end as by one audit of the whole.
        var whole = await audited.AuditHistoryAsync(audited.Second, keepCheckpoint: true);
        Assert.Equal(whole.Checkpoint!.ToBytes().ToArray(), second.Checkpoint!.ToBytes().ToArray());

        // Nothing new: nothing to read, and nothing wrong.
        var again = await audited.AuditHistoryAsync(audited.Second, second.Checkpoint);
        Assert.True(again is { IsRight: true, Epochs: 0, Records: 0 });
    }

    /// <summary>The pool signs two first epochs, each right by itself: whoever has audited one is not told the other.</summary>
    [Fact]
    public async Task A_pool_that_tells_another_story_than_before_is_found_out()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var told = await audited.AuditHistoryAsync(audited.First, keepCheckpoint: true);
        var other = await audited.PublishAsync((await audited.FetchAsync(audited.First)) with { Nonce = new string('0', 32) });
        Assert.True((await audited.AuditHistoryAsync(other)).IsRight);
        var second = await audited.PublishAsync((await audited.FetchAsync(audited.Second)) with { PreviousEpoch = other });

        var report = await audited.AuditHistoryAsync(second, told.Checkpoint, keepCheckpoint: true);
        Assert.Contains("the pool has signed two histories", Assert.Single(report.Differences).What, StringComparison.Ordinal);
        Assert.Null(report.Checkpoint);
    }

    /// <summary>How the first epoch was settled is recorded in the second: an audit that goes on has to have kept what was published.</summary>
    [Fact]
    public async Task What_is_recorded_later_of_an_epoch_that_was_audited_before_is_compared_too()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var replaced = await audited.PublishAsync((await audited.FetchAsync(audited.First)) with { PolicyReplaced = true });
        var told = await audited.AuditHistoryAsync(replaced, keepCheckpoint: true);
        Assert.True(told.IsRight);
        var second = await audited.PublishAsync((await audited.FetchAsync(audited.Second)) with { PreviousEpoch = replaced });
        var report = await audited.AuditHistoryAsync(second, told.Checkpoint);
        Assert.Contains(report.Differences, one => one.What.Contains("settles epoch-1 in another way", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_checkpoint_that_does_not_fit_is_refused()
    {
        await using var audited = await AuditedNetwork.OpenAsync();
        var kept = (await audited.AuditHistoryAsync(audited.Second, keepCheckpoint: true)).Checkpoint!;
        var later = await Assert.ThrowsAsync<SwarmPoolException>(() => audited.AuditHistoryAsync(audited.First, kept));
        Assert.Equal(ErrorCodes.CheckpointUnusable, later.Code);
        Assert.Contains("stands after epoch-2", later.Message, StringComparison.Ordinal);

        var text = Encoding.UTF8.GetString(kept.ToBytes().Span);
        var otherPool = AuditCheckpoint.Read(Encoding.UTF8.GetBytes(text.Replace($"\"pool\":\"{Messages.Pool}\"", "\"pool\":\"other.eth\"", StringComparison.Ordinal)));
        Assert.Contains("is of other.eth", (await Assert.ThrowsAsync<SwarmPoolException>(() => audited.AuditHistoryAsync(audited.Second, otherPool))).Message, StringComparison.Ordinal);

        string[] damaged =
        [
            "", "{}", "[]", "null", text[..^10], text.Replace("audit/1", "audit/9", StringComparison.Ordinal), text.Replace("\"total_jobs\":2", "\"total_jobs\":3", StringComparison.Ordinal),
            text.Replace($"\"sequence\":{kept.Sequence},\"hash\"", "\"sequence\":1,\"hash\"", StringComparison.Ordinal), text.Replace("\"epoch\":2", "\"epoch\":\"2\"", StringComparison.Ordinal),
        ];
        Assert.All(damaged, one =>
        {
            Assert.NotEqual(text, one);
            Assert.Equal(ErrorCodes.CheckpointUnusable, Assert.Throws<SwarmPoolException>(() => AuditCheckpoint.Read(Encoding.UTF8.GetBytes(one))).Code);
        });
    }
}
