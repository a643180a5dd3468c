using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Plugins.Ens.Tests.Support;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;

namespace SwarmPool.Identity.Tests;

/// <summary>A name whose account is a contract: the contract says whose signature it takes (ERC-1271).</summary>
public sealed class SmartAccountTests(ChainFixture fixture)
{
    private static readonly byte[] Owner = ChainFixture.Keys[1];
    private static readonly byte[] Stranger = ChainFixture.Keys[2];

    [Fact]
    public async Task What_its_contract_takes_is_signed_by_the_name()
    {
        var (name, wallet) = await WalletAsync("safe.eth", 0);
        var (answer, account, byContract, refusal) = await CheckAsync(Said.Cancel(name), Owner);
        Assert.Null(refusal);
        Assert.Equal((wallet, true, wallet), (account, byContract, answer!.Payout));
    }

    [Fact]
    public async Task What_a_stranger_signed_the_contract_does_not_take()
    {
        var (name, wallet) = await WalletAsync("robbed.eth", 0);
        var (_, _, _, refusal) = await CheckAsync(Said.Cancel(name), Stranger);
        Assert.Equal(ErrorCodes.WrongSigner, refusal!.Code);
        Assert.Contains(wallet.ToString(), refusal.Reason, StringComparison.Ordinal);
    }

    /// <summary>The contract is asked about the text with all that its owner's wallet showed; of other lines it is no signature.</summary>
    [Fact]
    public async Task A_delegation_counts_as_its_contracts_owner_saw_it()
    {
        var (name, wallet) = await WalletAsync("lending.eth", 0);
        var signed = await Said.SignAsync(Said.Delegation(name, 1), Owner);
        var (_, account, byContract, refusal) = await CheckSignedAsync(signed.Body);
        Assert.Null(refusal);
        Assert.Equal((wallet, true), (account, byContract));
        var seen = (DelegationSnapshot)signed.Body;
        foreach (var other in new[] { seen with { SpendingCap = seen.SpendingCap + Usdc.FromMicro(1) }, seen with { Key = fixture.Bob }, seen with { Expires = seen.Timestamp + 1 } })
        {
            Assert.Equal(ErrorCodes.WrongSigner, (await CheckSignedAsync(other)).Refusal!.Code);
        }
    }

    /// <summary>The contract at the name's account gets another owner. What the one before signed ends when the name is looked up again.</summary>
    [Fact]
    public async Task A_delegation_ends_with_the_owner_who_signed_it()
    {
        var (name, wallet) = await WalletAsync("sold.eth", 0);
        var delegation = new KnownDelegation(await Said.SignAsync(Said.Delegation(name, 1), Owner));
        async Task<string?> CodeAsync(NameCache names) => (await new SignerCheck(names, SignatureEngines.Best).VouchAsync(
            delegation, await names.ResolveAsync(name, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken))?.Code;

        var known = Directory();
        Assert.Null(await CodeAsync(known));
        var other = await fixture.Chain.DeployWalletAsync(fixture.Bob);
        var code = (await fixture.Chain.Node.CallAsync("eth_getCode", other.ToString(), "latest")).GetString(); // Its owner is in its code.
        await fixture.Chain.Node.CallAsync("anvil_setCode", wallet.ToString(), code);
        await fixture.Chain.Node.CallAsync("anvil_mine");
        Assert.Null(await CodeAsync(known));
        Assert.Equal(ErrorCodes.DelegationInvalid, await CodeAsync(Directory()));
    }

    [Theory]
    [InlineData(1, "reverts")]
    [InlineData(2, "loops")]
    [InlineData(3, "answers a hundred thousand zeros")]
    public async Task A_contract_that_fails_takes_no_signature(int mode, string what)
    {
        var (name, _) = await WalletAsync($"broken{mode}.eth", mode);
        var (_, _, _, refusal) = await CheckAsync(Said.Cancel(name), Owner);
        Assert.True(refusal?.Code == ErrorCodes.WrongSigner, $"A contract that {what}: {refusal}");
    }

    /// <summary>A node that can't be asked says nothing about a signature.</summary>
    [Fact]
    public async Task A_fault_on_the_way_is_neither_yes_nor_no()
    {
        var (name, _) = await WalletAsync("cutoff.eth", 0);
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var directory = new NameCache(fixture.Identity(null, null, tap.Url), TimeProvider.System);
        await directory.ResolveAsync(name, TestContext.Current.CancellationToken);
        tap.Mode = TapMode.HangUp;
        var (_, _, _, refusal) = await CheckAsync(Said.Cancel(name), Owner, directory);
        Assert.Equal(ErrorCodes.NameUnavailable, refusal!.Code);
    }

    /// <summary>One job has one CID. A contract may take a signature in several spellings, each of which would be another job to pay for.</summary>
    [Fact]
    public async Task A_contract_signs_no_job()
    {
        var (name, _) = await WalletAsync("buyer.eth", 0);
        var (_, _, _, refusal) = await CheckAsync(Said.Job(name), Owner);
        Assert.Equal(ErrorCodes.WrongSigner, refusal!.Code);
    }

    /// <summary>Other contracts take longer signatures: two owners', say. Any form goes to the contract, and nothing beyond the bound.</summary>
    [Theory]
    [InlineData(130, ErrorCodes.WrongSigner)]
    [InlineData(4096, ErrorCodes.WrongSigner)]
    [InlineData(4097, ErrorCodes.BadSignature)]
    public async Task A_signature_of_another_length_is_the_contracts_to_judge(int bytes, string code)
    {
        var (name, _) = await WalletAsync("multi.eth", 0);
        var body = Said.Cancel(name) with { Sig = "0x" + new string('1', 2 * bytes) };
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(body), out var snapshot, out _));
        var (_, _, _, refusal) = await new SignerCheck(Directory(), SignatureEngines.Best).CheckAsync(snapshot, TestContext.Current.CancellationToken);
        Assert.Equal(code, refusal!.Code);
    }

    [Fact]
    public async Task Forgeries_in_the_name_of_a_plain_account_cost_the_node_one_question()
    {
        var name = await fixture.Chain.RegisterAsync("forged.eth", fixture.Alice);
        await using var tap = await RpcTap.StartAsync(fixture.Chain.Node.Url);
        var directory = new NameCache(fixture.Identity(null, null, tap.Url), TimeProvider.System);
        await directory.ResolveAsync(name, TestContext.Current.CancellationToken);
        var before = tap.Requests.Count;
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(ErrorCodes.WrongSigner, (await CheckAsync(Said.Cancel(name), Stranger, directory)).Refusal!.Code);
        }

        Assert.Equal(1, tap.Requests.Count - before);
        Assert.Null((await CheckAsync(Said.Cancel(name), Owner, directory)).Refusal);
        Assert.Equal(1, tap.Requests.Count - before);
    }

    /// <summary>The contract's word is a recorded fact: replay and audit need no chain. Journals without contracts keep their bytes.</summary>
    [Fact]
    public void The_contracts_word_is_recorded_and_absent_where_there_is_none()
    {
        var fact = new NameFact(fixture.Alice, fixture.Bob, 7, null);
        Assert.DoesNotContain("by_contract", Written(fact), StringComparison.Ordinal);
        var recorded = Written(fact with { ByContract = true });
        Assert.Equal(fact with { ByContract = true }, JsonSerializer.Deserialize(recorded, PoolJson.Default.PoolFacts)!.Signer);
    }

    private static string Written(NameFact fact) => JsonSerializer.Serialize(new PoolFacts { Signer = fact }, PoolJson.Default.PoolFacts);

    private async Task<(EnsName Name, EthAddress Wallet)> WalletAsync(string name, int mode)
    {
        var wallet = await fixture.Chain.DeployWalletAsync(fixture.Alice, mode);
        return (await fixture.Chain.RegisterAsync(name, wallet), wallet);
    }

    private NameCache Directory() => new(fixture.Identity(), TimeProvider.System);

    private async Task<SignatureCheckResult> CheckSignedAsync(Snapshot body)
    {
        Assert.True(SnapshotCodec.TryDecode(SnapshotCodec.Canonical(body), out var snapshot, out var refusal), refusal?.ToString());
        return await new SignerCheck(Directory(), SignatureEngines.Best).CheckAsync(snapshot, TestContext.Current.CancellationToken);
    }

    private async Task<SignatureCheckResult> CheckAsync(
        Snapshot body, byte[] key, NameCache? directory = null) =>
        await new SignerCheck(directory ?? Directory(), SignatureEngines.Best).CheckAsync(await Said.SignAsync(body, key), TestContext.Current.CancellationToken);
}
