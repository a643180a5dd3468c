using System.Globalization;
using System.Security.Cryptography;
using SwarmPool.Core.Pool;
using SwarmPool.Core.Pool.Records;
using SwarmPool.Protocol.Errors;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.State;

namespace SwarmPool.Runtime.Daemon.Checks;

/// <summary>
/// The secret by which the open epoch's checks are drawn: made of the system's random numbers when an epoch opens, and read again from the
/// journal by whoever leads next. The state knows its hash alone, so that nothing that is published before the epoch is sealed tells it.
/// </summary>
/// <param name="nonces">Two of them are a secret: 32 bytes of the system's random numbers, unless a run is to be repeated.</param>
/// <remarks>Used by the sequencer alone.</remarks>
internal sealed class DrawSecrets(INonceSource nonces)
{
    private string? commitment;
    private DrawFact? secret;

    /// <summary>Whether the open epoch's secret is still to be drawn.</summary>
    public static bool IsDue(PoolState state) => state is { Checks: not null, Epochs.Open.DrawCommitment: null };

    /// <summary>A new secret, as the fact of the record that opens its epoch's draws.</summary>
    public DrawFact Draw()
    {
        secret = new DrawFact(nonces.Next() + nonces.Next());
        commitment = HashOf(secret);
        return secret;
    }

    /// <summary>The open epoch's secret; null where there is none.</summary>
    public DrawFact? Of(PoolState state) => state.Epochs.Open?.DrawCommitment is { } open && open == commitment ? secret : null;

    /// <summary>Reads the open epoch's secret from the record that holds it, before anything is decided.</summary>
    /// <exception cref="SwarmPoolException">SP3430: the journal has no such record, or another secret.</exception>
    public async ValueTask RestoreAsync(IPoolJournal journal, PoolState state, CancellationToken cancellationToken)
    {
        if (state.Epochs.Open is not { DrawCommitment: { } open, DrawSequence: { } sequence })
        {
            return;
        }

        await foreach (var stored in journal.ReadAsync(sequence, cancellationToken))
        {
            if (stored.Sequence == sequence && RecordCodec.Decode(stored, withInput: true).Facts.Draw is { } found && HashOf(found) == open)
            {
                (commitment, secret) = (open, found);
                return;
            }

            break;
        }

        throw new SwarmPoolException(ErrorCodes.DrawLost, string.Create(
            CultureInfo.InvariantCulture,
            $"Record {sequence} of the journal does not hold the secret that {state.Epochs.Open.Id} committed to when it opened. The journal was changed, or is another's: start with the right one."));
    }

    private static string HashOf(DrawFact fact) => Convert.ToHexStringLower(SHA256.HashData(Convert.FromHexString(fact.Secret)));
}
