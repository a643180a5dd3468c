using System.Text;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Signatures;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>Signs by asking somebody else, and believes no answer: each signature is checked against the text and the account.</summary>
/// <remarks>
/// Thread-safe; one request at a time. Whenever the signer is opened it tells its account and signs a harmless text: it has to be the same
/// account and the same signature each time, since what the pool says is derived from its journal and must have the same bytes after a crash.
/// </remarks>
/// <param name="channel">Reaches the signer.</param>
/// <param name="what">Whose signer it is, for messages.</param>
/// <param name="time">The clock of the limit.</param>
internal sealed class RemoteSigner(ISignerChannel channel, string what, TimeProvider time) : ISigner, IDisposable
{
    /// <summary>How long the signer may take for one answer, or to be reached.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turn = new(1, 1);
    private SignerLine? line;
    private EthAddress? address;
    private byte[]? trial;
    private long last;

    /// <exception cref="InvalidOperationException">It was not started.</exception>
    public EthAddress Address => address ?? throw new InvalidOperationException($"The remote signer of {what} was not started.");

    /// <summary>Opens the signer and puts it to the test.</summary>
    /// <exception cref="SwarmPoolException">SP1207 or SP1208.</exception>
    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            await GuardAsync(async () => await OpenAsync(cancellationToken));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <exception cref="SwarmPoolException">SP1207: the signer fails; SP1208: it refuses.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await GuardAsync(async () => await SignInTurnAsync(text, cancellationToken));
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        Close();
        turn.Dispose();
    }

    private async Task<byte[]> SignInTurnAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        if (line is not null)
        {
            try
            {
                return await AskSignatureAsync(Address, text, cancellationToken);
            }
            catch (IOException)
            {
                // It died since it was last asked, or over this: a new one is asked the same, once.
                Close();
            }
        }

        await OpenAsync(cancellationToken);
        return await AskSignatureAsync(Address, text, cancellationToken);
    }

    private async Task<byte[]> OpenAsync(CancellationToken cancellationToken)
    {
        if (line is null)
        {
            using var limit = new CancellationTokenSource(Limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            try
            {
                line = await channel.OpenAsync(either.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException();
            }
        }

        var id = ++last;
        var said = SignerMessages.ReadAccount(await AskAsync(SignerMessages.AskAccount(id), cancellationToken), id);
        if (address is { } known && known != said)
        {
            throw new InvalidDataException($"signs for {said} now, and signed for {known} before");
        }

        var text = Encoding.UTF8.GetBytes($"SwarmPool tries its signer.\n\nThis text does nothing.\naccount: {said}");
        var first = trial ?? await AskSignatureAsync(said, text, cancellationToken);
        var again = await AskSignatureAsync(said, text, cancellationToken);
        if (!first.AsSpan().SequenceEqual(again))
        {
            throw new InvalidDataException("signs the same text in different ways; it has to sign deterministically (RFC 6979)");
        }

        (address, trial) = (said, first);
        return first;
    }

    private async Task<byte[]> AskSignatureAsync(EthAddress account, ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var id = ++last;
        var answer = await AskAsync(SignerMessages.AskSignature(id, account, text), cancellationToken);
        var (signature, refused) = SignerMessages.ReadSignature(answer, id);
        if (signature is null)
        {
            throw new SwarmPoolException(ErrorCodes.SignerRefused, $"The remote signer of {what} ({channel.Place}) refuses to sign: {refused}");
        }

        return IsOf(account, text.Span, signature) ? signature : throw new InvalidDataException($"answered with a signature that is not {account}'s of the text");
    }

    // A pipe's read can't always be cancelled: it is left, and ends when the line is closed.
    private Task<ReadOnlyMemory<byte>> AskAsync(byte[] request, CancellationToken cancellationToken) =>
        line!.AskAsync(request, cancellationToken).WaitAsync(Limit, time, cancellationToken);

    private async ValueTask<byte[]> GuardAsync(Func<Task<byte[]>> ask)
    {
        var good = false;
        try
        {
            var answer = await ask();
            good = true;
            return answer;
        }
        catch (TimeoutException e)
        {
            throw Failed($"did not answer within {Limit.TotalSeconds:0.#} s", e);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw Failed(e.Message, e);
        }
        finally
        {
            // Whatever went wrong, an answer may still be on its way: the next request gets a line of its own.
            if (!good)
            {
                Close();
            }
        }
    }

    private SwarmPoolException Failed(string how, Exception inner) => new(
        ErrorCodes.SignerFailed, $"The remote signer of {what} ({channel.Place}) {how}. Look at the signer itself, and at what the configuration says of it.", inner);

    private void Close()
    {
        line?.Dispose();
        line = null;
    }

    private static bool IsOf(EthAddress account, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature)
    {
        Span<byte> hash = stackalloc byte[Secp256k1Form.HashBytes];
        Eip191.Hash(text, hash);
        return SignatureEngines.Best.TryRecover(hash, signature, out var signed) && signed == account;
    }
}
