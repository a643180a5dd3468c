using System.ComponentModel;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SwarmPool.Identity;
using SwarmPool.Runtime.Errors;
using SwarmPool.Runtime.Signatures;

namespace SwarmPool.Runtime.Keys.Remote;

/// <summary>
/// Lets somebody else sign: a program of the operator's own, or whoever listens at a Unix domain socket. It gets the whole text, so that it
/// can judge what it signs; what comes back counts only when it is the account's signature over that text.
/// </summary>
/// <remarks>
/// Thread-safe; one text at a time. Signing has to be deterministic (RFC 6979), since the pool's announcements are derived from its
/// journal and have to be the same bytes after a crash: the first text is signed twice, and a signer whose answers differ is not used.
/// </remarks>
internal sealed class RemoteSigner(
    string what, string where, EthAddress account, Func<CancellationToken, ValueTask<SignerLine>> connect, ISignatureEngine engine, TimeProvider time)
    : ISigner, IDisposable
{
    /// <summary>How long an answer is waited for: a machine signs, not a person.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim gate = new(1, 1);
    private SignerLine? line;
    private bool isProved;

    /// <inheritdoc/>
    public EthAddress Address => account;

    /// <inheritdoc/>
    /// <exception cref="SwarmPoolException">SP1207: it can't be reached, is silent, or answers what is no signature of the account's. SP1208: it refuses.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> SignAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        await gate.WaitAsync(cancellationToken);
        try
        {
            var signature = await SignOnceAsync(text, cancellationToken);
            if (!isProved && !(await SignOnceAsync(text, cancellationToken)).AsSpan().SequenceEqual(signature))
            {
                throw Failed("signs one text in two ways; it has to be deterministic (RFC 6979)");
            }

            isProved = true;
            return signature;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        line?.Dispose();
        gate.Dispose();
    }

    // The same text again is the same signature, so a signer that went away in between is asked once more.
    private async ValueTask<byte[]> SignOnceAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var isFresh = line is null;
        try
        {
            return await AskAsync(text, cancellationToken);
        }
        catch (Exception e) when (!isFresh && IsGone(e))
        {
            return await AskAsync(text, cancellationToken);
        }
    }

    private async ValueTask<byte[]> AskAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            line ??= await connect(either.Token);
            var request = JsonSerializer.Serialize(new Dictionary<string, string> { ["account"] = account.ToString(), ["text"] = Encoding.UTF8.GetString(text.Span) }, SignerRequest.Default.DictionaryStringString);
            return Judge(SignerAnswer.Read(await line.AskAsync(request, either.Token)), text.Span);
        }
        catch (Exception e) when (e is not SwarmPoolException || e is SwarmPoolException { Code: ErrorCodes.SignerFailed })
        {
            line?.Dispose(); // Whatever it says from now on may belong to what was asked before.
            line = null;
            throw e switch
            {
                OperationCanceledException when !cancellationToken.IsCancellationRequested =>
                    Failed(string.Create(CultureInfo.InvariantCulture, $"gave no answer for {Patience.TotalSeconds:0} s"), e),
                FormatException => Failed($"is not to be understood: {e.Message}", e),
                _ when IsTrouble(e) => Failed($"can't be reached: {e.Message}", e),
                _ => e,
            };
        }
    }

    private byte[] Judge(SignerAnswer answer, ReadOnlySpan<byte> text)
    {
        if (answer.Refused is { } reason)
        {
            throw new SwarmPoolException(ErrorCodes.SignerRefused, $"The signer {where} of {what} does not sign: {reason}");
        }

        Span<byte> hash = stackalloc byte[Secp256k1Form.HashBytes];
        Eip191.Hash(text, hash);
        if (!engine.TryRecover(hash, answer.Signature, out var signedBy))
        {
            throw Failed("answers with what is no signature of the one accepted form (v 27 or 28, s in the lower half)");
        }

        return signedBy == account ? answer.Signature! : throw Failed($"signs with the key of {signedBy}; it is to sign for {account}");
    }

    private static bool IsGone(Exception e) => e is SwarmPoolException { Code: ErrorCodes.SignerFailed, InnerException: { } inner } && IsTrouble(inner);

    private static bool IsTrouble(Exception e) => e is IOException or SocketException or Win32Exception or UnauthorizedAccessException or ObjectDisposedException;

    private SwarmPoolException Failed(string how, Exception? inner = null) =>
        new(ErrorCodes.SignerFailed, $"The signer {where} of {what} {how}. Look at the signer itself, then start again.", inner);
}
