using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Core.Pool;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Daemon.Announcing;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Roles;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Golden;

/// <summary>What a recorded pool said and stored is made of its records again: the same bytes on the same topics, the same CIDs.</summary>
public sealed class RecordedOutputTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static TheoryData<string> Names() => [.. RecordedPool.Known];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_records_are_announced_in_the_same_bytes_again(string name)
    {
        var recorded = RecordedPool.Read(name);
        var writer = new AnnouncementWriter(new PartyIdentity(RecordedPool.Pool, RecordedPool.Pool, "local", TestKeys.Of(RecordedPool.Pool)), NullLogger<AnnouncementWriter>.Instance);
        var announced = new List<string>();
        var notices = new AnnouncementBatch();
        foreach (var (state, record, stored) in recorded.Replay())
        {
            notices.Add(record, state);
            if (recorded.EndsCommit(record))
            {
                var occasion = new AnnouncementHeader(record.Commit, record.Sequence, stored.Hash, record.At, stored.Hash);
                announced.AddRange((await writer.WriteAsync(occasion, notices, Cancelled)).Select(Fact));
                notices = new AnnouncementBatch();
            }
        }

        Assert.Equal(recorded.FactsOf("announcement"), announced);
    }

    /// <remarks>What a state says comes from the records, but for its time and who is online.</remarks>
    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_states_are_signed_in_the_same_bytes_again(string name)
    {
        var recorded = RecordedPool.Read(name);
        var published = await PublishedAgain.MakeAsync(recorded, Cancelled);
        Assert.InRange(published.States.Count, 100, 1_000);
        Assert.Equal(recorded.States().Select(state => Text(state.Said)), published.States.Select(Text));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_epochs_are_sealed_under_the_same_CIDs_again(string name)
    {
        var recorded = RecordedPool.Read(name);
        var published = await PublishedAgain.MakeAsync(recorded, Cancelled);
        Assert.Equal(recorded.FactsOf("epoch"), published.Epochs.Select(sealed_ => PublishedAgain.Fact(sealed_)));
        Assert.Equal(
            recorded.Replay().SelectMany(step => step.Record.Events).OfType<EpochSealed>().Select(e => e.Cid),
            published.Epochs.Select(sealed_ => sealed_.Cid));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_pages_are_stored_under_the_same_CIDs_again(string name)
    {
        var recorded = RecordedPool.Read(name);
        var published = await PublishedAgain.MakeAsync(recorded, Cancelled);
        Assert.Equal(recorded.FactsOf("page"), published.Pages.Select(cid => $"page {cid}").Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Its_jobs_and_proofs_have_the_same_CIDs_again(string name)
    {
        var recorded = RecordedPool.Read(name);
        var kept = recorded.Replay().Select(step => step.Record.Input).OfType<MessageInput>().Select(message => message.Snapshot.Body)
            .Where(body => body is JobSnapshot or ProofSnapshot);
        Assert.Equal(recorded.FactsOf("content"), kept.Select(body => $"content {Transport.Cid.OfBlock(SnapshotCodec.Canonical(body))}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Its_other_messages_are_signed_in_the_same_bytes_again(string name)
    {
        var recorded = RecordedPool.Read(name);
        Assert.InRange(recorded.Messages.Select(m => m.Said.Body.Type).Distinct().Count(), 8, 20);
        foreach (var (topic, said) in recorded.Messages)
        {
            var again = await SnapshotCodec.SignAsync(said.Body, TestKeys.Of(RecordedPool.Pool), Cancelled);
            Assert.Equal(Text(said), Text(again));
            Assert.Equal(topic, Topics.Of(RecordedPool.Pool, again.Body.Type));
        }
    }

    private static string Fact(SignedSnapshot announcement)
    {
        var digest = SHA256.HashData(MessageForm.Of(announcement).Span);
        return $"announcement {Topics.Of(RecordedPool.Pool, announcement.Body.Type)} {Convert.ToHexStringLower(digest.AsSpan(0, 16))}";
    }

    private static string Text(SignedSnapshot snapshot) => Encoding.UTF8.GetString(snapshot.Bytes.Span);
}
