using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Runtime.Content;
using SwarmPool.Runtime.Messaging;
using SwarmPool.Runtime.Names;
using SwarmPool.Runtime.Names.Delegations;
using SwarmPool.Settlement;
using SwarmPool.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Keys;

/// <summary>
/// Lets a session key sign in a name: drafts what the name's own key has to sign, takes the signature back, checks it, and takes
/// delegations back. The name's own key never comes here.
/// </summary>
/// <remarks>Thread-safe.</remarks>
public static class SessionKeys
{
    /// <summary>A delegation that is still to be signed, dated now.</summary>
    /// <param name="name">Who delegates.</param>
    /// <param name="role">What for: one of <see cref="DelegationRoles"/>.</param>
    /// <param name="key">The session key's account.</param>
    /// <param name="pool">At which pool.</param>
    /// <param name="network">Where the names live.</param>
    /// <param name="lasts">How long it lasts: up to 90 days.</param>
    /// <param name="cap">The most that a client's jobs may cost; null but for a client.</param>
    /// <param name="time">The clock.</param>
    public static DelegationSnapshot Draft(
        EnsName name, string role, EthAddress key, EnsName pool, string network, TimeSpan lasts, Usdc? cap, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow();
        return new DelegationSnapshot
        {
            Pool = pool,
            Network = network,
            Timestamp = now.ToUnixTimeSeconds(),
            Nonce = Nonce.FromRandom(),
            Name = name,
            Role = role,
            Key = key,
            Expires = (now + lasts).ToUnixTimeSeconds(),
            SpendingCap = cap,
        };
    }

    /// <summary>A revocation that is still to be signed, dated now.</summary>
    /// <param name="delegation">What is taken back.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ArgumentException">The snapshot is not a delegation.</exception>
    public static RevocationSnapshot DraftRevocation(SignedSnapshot delegation, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(delegation);
        ArgumentNullException.ThrowIfNull(time);
        var body = delegation.Body as DelegationSnapshot ?? throw new ArgumentException($"It is a '{delegation.Body.Type}', not a delegation.", nameof(delegation));
        return new RevocationSnapshot
        {
            Pool = body.Pool,
            Network = body.Network,
            Timestamp = time.GetUtcNow().ToUnixTimeSeconds(),
            Nonce = Nonce.FromRandom(),
            Name = body.Name,
            Revokes = delegation.Digest,
        };
    }

    /// <summary>The text to sign in a wallet, by <c>personal_sign</c>.</summary>
    /// <param name="draft">What is to be signed.</param>
    /// <exception cref="SwarmPoolException">A field is missing or wrong.</exception>
    public static string Text(Snapshot draft) => Encoding.UTF8.GetString(SnapshotCodec.SigningText(Read(SnapshotCodec.Canonical(draft))));

    /// <summary>Puts a wallet's signature to what was signed. Who signed it is for <see cref="CheckAsync"/> to say.</summary>
    /// <param name="draft">What was signed.</param>
    /// <param name="signature">0x and hex digits of any case; a key's with v 0 or 1 in place of 27 or 28 is read too.</param>
    /// <exception cref="SwarmPoolException">SP2201: it is no hex, or too long; a field of the draft is missing or wrong.</exception>
    public static SignedSnapshot Attach(Snapshot draft, string signature)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(signature);
        return Read(SnapshotCodec.Canonical(draft with { Sig = SnapshotSignature.FromWallet(signature) }));
    }

    /// <summary>Null when an account of the name's own signed it; else why it does not count, or can't be told now (SP2204).</summary>
    /// <param name="signed">A delegation or a revocation.</param>
    /// <param name="names">Who may sign for the name.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Refusal?> CheckAsync(SignedSnapshot signed, IIdentityProvider names, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(signed);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(time);
        return (await new SignerCheck(new NameCache(names, time), SignatureEngines.Best).CheckAsync(signed, cancellationToken)).Refusal;
    }

    /// <summary>Reads a delegation's file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SwarmPoolException">SP1206: it can't be read, or holds no delegation.</exception>
    public static SignedSnapshot ReadFile(string path) => DelegationFile.Read(path);

    /// <summary>Sends a revocation to its pool, again and again until the pool says that it counts.</summary>
    /// <param name="revocation">The signed revocation.</param>
    /// <param name="transport">Reaches the pool; started.</param>
    /// <param name="names">Who may sign for the pool.</param>
    /// <param name="patience">How long to wait for the pool's word.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The snapshot is not a revocation.</exception>
    /// <returns>What the pool said. Miners and clients that listen have it in any case.</returns>
    public static async Task<RevocationAnswer> SendAsync(
        SignedSnapshot revocation, ITransport transport, IIdentityProvider names, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(revocation);
        ArgumentNullException.ThrowIfNull(transport);
        var body = revocation.Body as RevocationSnapshot ?? throw new ArgumentException($"It is a '{revocation.Body.Type}', not a revocation.", nameof(revocation));
        var content = new ContentReader(transport.Content, time);
        var signers = new SignerCheck(new NameCache(names, time), SignatureEngines.Best, time, new DelegationCache(content, time));
        var listener = new PoolListener(transport, content, signers, body.Pool, time, NullLogger<PoolListener>.Instance);
        using var limit = new CancellationTokenSource(patience, time);
        using var life = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var ears = await listener.StartAsync([SnapshotTypes.RevocationsAccepted, SnapshotTypes.RevocationsRejected], life.Token);
        try
        {
            var outbox = new RetryingSender(transport, body.Pool, time, NullLogger<RetryingSender>.Instance);
            var answer = AnswerAsync(listener, revocation.Cid, body, life.Token);
            await outbox.SendUntilAsync(revocation, answer, life.Token);
            return await answer;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new RevocationAnswer(Confirmed: false, null);
        }
        finally
        {
            await life.CancelAsync();
            await ears.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private static async Task<RevocationAnswer> AnswerAsync(PoolListener listener, Cid revocation, RevocationSnapshot body, CancellationToken cancellationToken)
    {
        await foreach (var said in listener.Heard.ReadAllAsync(cancellationToken))
        {
            switch (said.Body)
            {
                case RevocationsAccepted accepted when accepted.Items.Any(item => item.Name == body.Name && item.Revokes == body.Revokes):
                    return new RevocationAnswer(Confirmed: true, null);
                case RevocationsRejected rejected when rejected.Items.FirstOrDefault(item => item.RevocationCid == revocation && !PassingRefusals.Contains(item.Code)) is { } item:
                    return new RevocationAnswer(Confirmed: false, new Refusal(item.Code, item.Reason));
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private static SignedSnapshot Read(byte[] bytes) =>
        SnapshotCodec.TryDecode(bytes, out var read, out var refusal) ? read : throw new SwarmPoolException(refusal.Code, refusal.Reason);
}

/// <summary>What a pool said of a revocation.</summary>
/// <param name="Confirmed">True when it counts there from now on.</param>
/// <param name="Refusal">Why the pool does not take it; null when it does, and when it was not heard.</param>
public sealed record RevocationAnswer(bool Confirmed, Refusal? Refusal);
