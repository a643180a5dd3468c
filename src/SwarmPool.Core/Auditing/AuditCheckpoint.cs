using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using SwarmPool.Core.Pool;
using SwarmPool.Identity;
using SwarmPool.Protocol.Errors;
using SwarmPool.Snapshots;
using SwarmPool.State;
using SwarmPool.Transport;

namespace SwarmPool.Core.Auditing;

/// <summary>
/// Where an audit of a pool's epochs ended, so that the next one reads only what came after. It is the auditor's own: whoever keeps it
/// also notices when the pool later tells another story of what it covers.
/// </summary>
/// <remarks>Immutable; thread-safe. It holds the pool's whole state: about 360 bytes a job that the pool still remembers.</remarks>
public sealed class AuditCheckpoint
{
    private const string Form = "swarmpool-audit/1";

    // The state of rules that hold work: a build that knows of none would forget it.
    private const string FormOfHeld = "swarmpool-audit/2";

    private readonly JournalHead head;
    private readonly ReadOnlyMemory<byte> state;

    private AuditCheckpoint(EnsName pool, string network, long epoch, Cid cid, JournalHead head, ReadOnlyMemory<byte> state)
    {
        Pool = pool;
        Network = network;
        Epoch = epoch;
        Cid = cid;
        this.head = head;
        this.state = state;
    }

    /// <summary>The pool.</summary>
    public EnsName Pool { get; }

    /// <summary>Where its names live.</summary>
    public string Network { get; }

    /// <summary>The number of the last epoch that was audited.</summary>
    public long Epoch { get; }

    /// <summary>That epoch's CID.</summary>
    public Cid Cid { get; }

    /// <summary>Its last record.</summary>
    public long Sequence => head.Sequence;

    internal JournalHead Head => head;

    /// <summary>The state after that record; made anew with each call, since it is changed by what goes on from it.</summary>
    internal PoolState OpenState() => StateCodec.Decode(state.Span);

    internal static AuditCheckpoint Of(EpochSnapshot epoch, Cid cid, RecordAudit audit) =>
        new(epoch.Pool, epoch.Network, epoch.Number, cid, audit.Head, StateCodec.Encode(audit.State));

    /// <exception cref="SwarmPoolException">SP3408: no audit of this epoch can go on from here.</exception>
    internal void RequireBefore(EpochSnapshot epoch)
    {
        if (Pool != epoch.Pool || Network != epoch.Network)
        {
            throw new SwarmPoolException(ErrorCodes.CheckpointUnusable, $"The checkpoint is of {Pool} on '{Network}'; {epoch.EpochId} is of {epoch.Pool} on '{epoch.Network}'. Name another file.");
        }

        if (Epoch > epoch.Number)
        {
            throw new SwarmPoolException(
                ErrorCodes.CheckpointUnusable, $"The checkpoint stands after {EpochAccount.IdOf(Epoch)}: {epoch.EpochId} was audited before it was made. Leave it out to audit that one again.");
        }
    }

    /// <summary>Reads a checkpoint back.</summary>
    /// <exception cref="SwarmPoolException">SP3408: it is not a checkpoint, or is damaged.</exception>
    public static AuditCheckpoint Read(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes);
            var root = document.RootElement;
            var form = root.GetProperty("format").GetString();
            if (form is not (Form or FormOfHeld))
            {
                throw new FormatException($"its format is '{form}', and this program knows '{Form}' and '{FormOfHeld}'");
            }

            var written = System.Text.Encoding.UTF8.GetBytes(root.GetProperty("state").GetRawText());
            if (Convert.ToHexStringLower(SHA256.HashData(written)) != root.GetProperty("state_sha256").GetString())
            {
                throw new FormatException("its state is not the one that was written");
            }

            var read = new AuditCheckpoint(
                EnsName.Parse(root.GetProperty("pool").GetString()!),
                root.GetProperty("network").GetString()!,
                root.GetProperty("epoch").GetInt64(),
                Cid.Parse(root.GetProperty("cid").GetString()!),
                new JournalHead(root.GetProperty("sequence").GetInt64(), Convert.FromHexString(root.GetProperty("hash").GetString()!)),
                written);
            return read.OpenState().Sequence == read.Sequence ? read : throw new FormatException("its state is of another record");
        }
        catch (Exception e)
        {
            // A damaged state may go wrong anywhere on its way; it is then no checkpoint.
            throw new SwarmPoolException(
                ErrorCodes.CheckpointUnusable, $"The checkpoint can't be used: {e.Message.TrimEnd('.')}. Put back a copy of it, or delete it and audit from the first epoch.", e);
        }
    }

    /// <summary>Its bytes: UTF-8 JSON.</summary>
    public ReadOnlyMemory<byte> ToBytes()
    {
        var output = new ArrayBufferWriter<byte>(state.Length + 1024);
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("format", OpenState().Rules > 2 ? FormOfHeld : Form);
            writer.WriteString("pool", Pool.Text);
            writer.WriteString("network", Network);
            writer.WriteNumber("epoch", Epoch);
            writer.WriteString("cid", Cid.ToString());
            writer.WriteNumber("sequence", head.Sequence);
            writer.WriteString("hash", Convert.ToHexStringLower(head.Hash.Span));
            writer.WriteString("state_sha256", Convert.ToHexStringLower(SHA256.HashData(state.Span)));
            writer.WritePropertyName("state");
            writer.WriteRawValue(state.Span, skipInputValidation: true);
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
