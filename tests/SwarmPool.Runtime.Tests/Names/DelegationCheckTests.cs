using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Json;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Tests.Names;

/// <summary>What a reader makes of a snapshot that a session key signed, whatever its delegation is.</summary>
public sealed class DelegationCheckTests
{
    private static readonly EnsName Miner = Messages.Miner(1);

    private readonly FakeTimeProvider time = new(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000));
    private readonly MemoryNet net = new();
    private readonly CountedNames names = new();
    private readonly CountedContent content;
    private readonly DelegationCache desk;
    private readonly SignerCheck signers;
    private readonly Messages messages;

    public DelegationCheckTests()
    {
        content = new CountedContent(net);
        desk = new DelegationCache(new ContentReader(content, time), time);
        signers = new SignerCheck(new NameCache(names, time), SignatureEngines.Best, time, desk);
        messages = new Messages(() => Now);
    }

    private long Now => time.GetUtcNow().ToUnixTimeSeconds();

    [Fact]
    public async Task A_thousand_messages_cost_one_look_up_and_one_fetch()
    {
        var session = await OpenAsync();
        for (var i = 0; i < 1000; i++)
        {
            var word = await CheckAsync(await session.SignAsync(messages.Claim(Messages.AnyCid($"job {i}"), Miner)));
            Assert.Null(word.Refusal);
            Assert.Equal((session.Signer.Address, session.Delegation.Digest), (word.Account, word.Delegation!.Digest));
        }

        Assert.Equal((1, 1, 0), (names.Resolved, content.Fetched, names.Asked));
    }

    [Fact]
    public async Task However_many_ask_at_once_it_is_fetched_once()
    {
        var session = await OpenAsync();
        var gate = content.Gate = new TaskCompletionSource();
        var signed = await session.SignAsync(messages.Registration(Miner));
        var asked = Enumerable.Range(0, 50).Select(_ => CheckAsync(signed).AsTask()).ToList();
        gate.SetResult();
        Assert.All(await Task.WhenAll(asked), word => Assert.Null(word.Refusal));
        Assert.Equal(1, content.Fetched);
    }

    [Fact]
    public async Task Where_nothing_may_be_fetched_it_is_said_what_is_missing()
    {
        var session = await OpenAsync();
        var signed = await session.SignAsync(messages.Registration(Miner));
        var word = await signers.CheckAsync(signed, TestContext.Current.CancellationToken, mayFetch: false);
        Assert.Equal((session.Delegation.Cid, 0), (word.Unread, content.Fetched));
        await CheckAsync(signed);
        Assert.Null((await signers.CheckAsync(signed, TestContext.Current.CancellationToken, mayFetch: false)).Refusal);
    }

    /// <summary>Neither yes nor no: and asked again in a while, not with each message.</summary>
    [Fact]
    public async Task One_that_can_not_be_had_now_is_asked_for_again_later()
    {
        var session = await Session.OpenAsync(Miner, DelegationRoles.Miner, Now);
        var signed = await session.SignAsync(messages.Registration(Miner));
        for (var i = 0; i < 20; i++)
        {
            var code = (await CheckAsync(signed)).Refusal!.Code;
            Assert.Equal(ErrorCodes.DelegationUnavailable, code);
            Assert.True(PassingRefusals.Contains(code));
        }

        Assert.Equal(1, content.Fetched);
        net.Put(session.Delegation.Bytes);
        time.Advance(TimeSpan.FromSeconds(6));
        Assert.Null((await CheckAsync(signed)).Refusal);
    }

    [Fact]
    public async Task What_is_no_delegation_is_refused_and_never_fetched_again()
    {
        var huge = new byte[DelegationCache.MostBytes + 1];
        var job = await Session.OpenAsync(Miner, DelegationRoles.Miner, Now);
        foreach (var cid in new[] { net.Put(huge), net.Put("{}"u8.ToArray()), net.Put((await job.SignAsync(messages.Registration(Miner))).Bytes) })
        {
            var before = content.Fetched;
            for (var i = 0; i < 3; i++)
            {
                var signed = await SnapshotCodec.SignAsync(messages.Registration(Miner) with { Delegation = cid }, job.Signer, CancellationToken.None);
                Assert.Equal(ErrorCodes.DelegationInvalid, (await CheckAsync(signed)).Refusal!.Code);
                time.Advance(TimeSpan.FromMinutes(1));
            }

            Assert.Equal(1, content.Fetched - before);
        }
    }

    /// <summary>A delegation by a delegation would be a loop, or a way to pass power on. Its very form is refused, however it is made.</summary>
    [Fact]
    public async Task A_delegation_can_not_name_a_delegation()
    {
        var session = await OpenAsync();
        var node = JsonNode.Parse(session.Delegation.Bytes.Span)!.AsObject();
        node["delegation"] = session.Delegation.Cid.ToString();
        Assert.True(CanonicalJson.TryCanonicalize(Encoding.UTF8.GetBytes(node.ToJsonString()), out var bytes, out _));
        Assert.False(SnapshotCodec.TryDecode(bytes, out _, out var refusal));
        Assert.Equal(ErrorCodes.BadField, refusal.Code);
        var signed = await SnapshotCodec.SignAsync(messages.Registration(Miner) with { Delegation = net.Put(bytes) }, session.Signer, CancellationToken.None);
        Assert.Equal(ErrorCodes.DelegationInvalid, (await CheckAsync(signed)).Refusal!.Code);
    }

    [Theory]
    [InlineData("another's", ErrorCodes.DelegationInvalid)]
    [InlineData("forged", ErrorCodes.DelegationInvalid)]
    [InlineData("another pool's", ErrorCodes.DelegationInvalid)]
    [InlineData("another network's", ErrorCodes.DelegationInvalid)]
    [InlineData("another key's", ErrorCodes.DelegationKey)]
    [InlineData("another role's", ErrorCodes.DelegationRole)]
    [InlineData("expired", ErrorCodes.DelegationExpired)]
    [InlineData("of the future", ErrorCodes.InFuture)]
    public async Task One_that_does_not_cover_the_message_is_refused_with_its_code(string what, string code)
    {
        var session = what switch
        {
            "another's" => await OpenAsync(name: Messages.Miner(2)),
            "forged" => await OpenAsync(signedBy: Messages.Miner(2)),
            "another pool's" => await OpenAsync(change: d => d with { Pool = EnsName.Parse("other.eth") }),
            "another network's" => await OpenAsync(change: d => d with { Network = "eip155:1" }),
            "another key's" => await OpenAsync(change: d => d with { Key = TestKeys.Of(Messages.Client).Address }),
            "another role's" => await OpenAsync(role: DelegationRoles.Client, cap: "5"),
            "expired" => await OpenAsync(change: d => d with { Timestamp = Now - 100, Expires = Now - 1 }),
            _ => await OpenAsync(change: d => d with { Timestamp = Now + 301, Expires = Now + 1000 }),
        };
        var word = await signers.CheckAsync(await session.SignAsync(messages.Registration(Miner)), TestContext.Current.CancellationToken, ExpiryCheck.Now);
        Assert.Equal(code, word.Refusal!.Code);
        Assert.Null(word.Delegation);
    }

    [Fact]
    public async Task When_a_name_changes_hands_its_old_delegations_end()
    {
        var session = await OpenAsync();
        var signed = await session.SignAsync(messages.Registration(Miner));
        Assert.Null((await CheckAsync(signed)).Refusal);
        names.Owner[Miner] = TestKeys.Of(Messages.Client).Address;
        Assert.Null((await CheckAsync(signed)).Refusal); // Within its lifetime an answer stands.
        time.Advance(CountedNames.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(ErrorCodes.DelegationInvalid, (await CheckAsync(signed)).Refusal!.Code);
    }

    /// <summary>A Safe is asked about the delegation, as often as its name is looked up, and never about the messages by it.</summary>
    [Fact]
    public async Task A_contract_vouches_for_a_delegation_once_and_then_even_jobs_are_signed_in_its_name()
    {
        names.Contract = EthAddress.Parse("0x00000000000000000000000000000000000000cc");
        names.Owner[Messages.Client] = names.Contract.Value;
        var session = await OpenAsync(Messages.Client, DelegationRoles.Client, "10", Messages.Miner(5)); // The contract takes its owner's signature.
        for (var i = 0; i < 10; i++)
        {
            var word = await CheckAsync(await session.SignAsync(messages.Job()));
            Assert.Null(word.Refusal);
            Assert.Equal((names.Contract.Value, true), (word.Delegation!.DelegationSigner!.Account, word.Delegation.DelegationSigner.ByContract));
        }

        Assert.Equal(1, names.Asked);
        var shown = new byte[32];
        Eip191.Hash(SnapshotCodec.SigningText(session.Body), shown); // Of the very text that the owners' wallets show, with what it grants.
        Assert.Equal(shown, names.AskedHash);

        names.Takes = false;
        var refused = await OpenAsync(Messages.Client, DelegationRoles.Client, "10", Messages.Miner(5));
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(ErrorCodes.DelegationInvalid, (await CheckAsync(await refused.SignAsync(messages.Job()))).Refusal!.Code);
        }

        Assert.Equal(2, names.Asked);
    }

    /// <summary>The owners of a Safe change, and with them what it takes: its word is no older than what is known of its name.</summary>
    [Fact]
    public async Task A_contract_that_no_longer_takes_a_delegation_ends_it_as_a_name_does_that_changes_hands()
    {
        var session = await OfAContractAsync();
        Assert.Null((await SubmitAsync(session)).Refusal);
        names.Takes = false;
        Assert.Null((await SubmitAsync(session)).Refusal); // Within its lifetime an answer stands.
        Assert.Equal(1, names.Asked);
        await AfterAsync(CountedNames.Lifetime, session, ErrorCodes.DelegationInvalid);
        await AfterAsync(TimeSpan.Zero, session, ErrorCodes.DelegationInvalid);
        Assert.Equal(2, names.Asked);

        // Whose owners come back takes it again.
        names.Takes = true;
        await AfterAsync(CountedNames.Lifetime, session, null);
        await AfterAsync(CountedNames.Lifetime, session, null);
        Assert.Equal(4, names.Asked);
    }

    [Fact]
    public async Task A_contract_that_can_not_be_asked_is_believed_for_the_grace_of_its_name()
    {
        var session = await OfAContractAsync();
        await AfterAsync(TimeSpan.Zero, session, null);
        names.IsAway = true;
        await AfterAsync(CountedNames.Lifetime, session, null);
        await AfterAsync(CountedNames.Lifetime, session, null);
        await AfterAsync(CountedNames.Grace, session, ErrorCodes.NameUnavailable);
        names.IsAway = false;
        await AfterAsync(TimeSpan.Zero, session, null);
    }

    /// <summary>While one waits for the contract the others go by its last word: a slow node holds up one message.</summary>
    [Fact]
    public async Task Only_one_message_waits_for_a_contract_that_is_asked_again()
    {
        var session = await OfAContractAsync();
        await AfterAsync(TimeSpan.Zero, session, null);
        time.Advance(CountedNames.Lifetime + TimeSpan.FromSeconds(1));
        names.Gate = new TaskCompletionSource();
        var slow = SubmitAsync(session).AsTask();
        for (var i = 0; i < 10; i++)
        {
            Assert.Null((await SubmitAsync(session)).Refusal);
        }

        Assert.False(slow.IsCompleted);
        names.Gate.SetResult();
        Assert.Null((await slow).Refusal);
        Assert.Equal(2, names.Asked);
    }

    [Fact]
    public async Task What_was_taken_back_counts_no_longer_when_it_is_heard_and_stands_where_it_was_kept()
    {
        var session = await OpenAsync(Messages.Pool, DelegationRoles.Pool);
        var epoch = await session.SignAsync(ExampleSnapshots.Of(SnapshotTypes.Epoch) with { Timestamp = Now });
        var state = await session.SignAsync(ExampleSnapshots.Of(SnapshotTypes.State) with { Timestamp = Now });
        Assert.Null((await CheckAsync(epoch)).Refusal);
        desk.Revoke(Messages.Pool, session.Delegation.Digest, Now + 10);
        Assert.Null((await CheckAsync(epoch)).Refusal);
        Assert.Equal(ErrorCodes.DelegationRevoked, (await CheckAsync(state)).Refusal!.Code);
        Assert.Equal(ErrorCodes.DelegationRevoked, (await signers.CheckAsync(epoch, TestContext.Current.CancellationToken, ExpiryCheck.Now)).Refusal!.Code);

        // An epoch that is read long after its delegation expired is what it was.
        time.Advance(TimeSpan.FromDays(400));
        Assert.Null((await CheckAsync(epoch)).Refusal);
    }

    private async Task<Session> OfAContractAsync()
    {
        names.Contract = EthAddress.Parse("0x00000000000000000000000000000000000000cc");
        names.Owner[Messages.Client] = names.Contract.Value;
        return await OpenAsync(Messages.Client, DelegationRoles.Client, "10", Messages.Miner(5), d => d with { Expires = d.Timestamp + DelegationSnapshot.LongestSeconds });
    }

    private async ValueTask<SignatureCheckResult> SubmitAsync(Session session) => await CheckAsync(await session.SignAsync(messages.Job()));

    private async Task AfterAsync(TimeSpan passes, Session session, string? code)
    {
        time.Advance(passes == TimeSpan.Zero ? passes : passes + TimeSpan.FromSeconds(1));
        Assert.Equal(code, (await SubmitAsync(session)).Refusal?.Code);
    }

    private ValueTask<SignatureCheckResult> CheckAsync(SignedSnapshot snapshot) => signers.CheckAsync(snapshot, TestContext.Current.CancellationToken);

    private async Task<Session> OpenAsync(
        EnsName? name = null, string role = DelegationRoles.Miner, string? cap = null, EnsName? signedBy = null, Func<DelegationSnapshot, DelegationSnapshot>? change = null)
    {
        var session = await Session.OpenAsync(name ?? Miner, role, Now, cap, signedBy: signedBy, change: change);
        net.Put(session.Delegation.Bytes);
        return session;
    }

    private sealed class CountedNames : IIdentityProvider
    {
        public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
        public static readonly TimeSpan Grace = TimeSpan.FromMinutes(15);

        public Dictionary<EnsName, EthAddress> Owner { get; } = [];

        public EthAddress? Contract { get; set; }

        public bool Takes { get; set; } = true;

        /// <summary>The contract can't be asked.</summary>
        public bool IsAway { get; set; }

        /// <summary>The contract says nothing before this.</summary>
        public TaskCompletionSource? Gate { get; set; }

        public int Resolved { get; private set; }

        public int Asked { get; private set; }

        public byte[]? AskedHash { get; private set; }

        public string Network => "local";

        public ValueTask<IdentityAnswer> ResolveAsync(EnsName name, CancellationToken cancellationToken)
        {
            Resolved++;
            var account = Owner.GetValueOrDefault(name, TestKeys.Of(name).Address);
            return new(new IdentityAnswer(IdentityStatus.Known, [account], account, 7, Lifetime) { Grace = Grace });
        }

        public async ValueTask<ContractCheckResult> AskContractAsync(
            EthAddress account, ReadOnlyMemory<byte> hash, ReadOnlyMemory<byte> signature, CancellationToken cancellationToken)
        {
            if (account != Contract)
            {
                return new ContractCheckResult(ContractStatus.NoContract, 0, "");
            }

            Asked++;
            AskedHash = hash.ToArray();
            await (Gate?.Task ?? Task.CompletedTask);
            return IsAway ? new ContractCheckResult(ContractStatus.Unavailable, 0, "away") : new ContractCheckResult(Takes ? ContractStatus.Accepted : ContractStatus.Refused, 7, "");
        }
    }

    private sealed class CountedContent(MemoryNet net) : IContentStore
    {
        private readonly MemoryTransport inner = net.Join();

        public int Fetched { get; private set; }

        public TaskCompletionSource? Gate { get; set; }

        public int MaxContentBytes => inner.MaxContentBytes;

        public async ValueTask<ReadOnlyMemory<byte>> GetAsync(Cid cid, int maxBytes, CancellationToken cancellationToken)
        {
            Fetched++;
            await (Gate?.Task ?? Task.CompletedTask);
            return await inner.GetAsync(cid, maxBytes, cancellationToken);
        }

        public ValueTask<Cid> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => inner.PutAsync(content, cancellationToken);

        public ValueTask PinAsync(Cid cid, CancellationToken cancellationToken) => inner.PinAsync(cid, cancellationToken);

        public ValueTask UnpinAsync(Cid cid, CancellationToken cancellationToken) => inner.UnpinAsync(cid, cancellationToken);

        public ValueTask PointAsync(string pointer, Cid cid, CancellationToken cancellationToken) => inner.PointAsync(pointer, cid, cancellationToken);

        public ValueTask<Cid?> ResolveAsync(string pointer, CancellationToken cancellationToken) => inner.ResolveAsync(pointer, cancellationToken);
    }
}
