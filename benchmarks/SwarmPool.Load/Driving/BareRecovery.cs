using SwarmPool.Protocol.Signatures;
using SwarmPool.Protocol.Snapshots;

namespace SwarmPool.Load.Driving;

/// <summary>The same signatures as an intake checks, and nothing else: what the engine alone can do on all cores.</summary>
internal static class BareRecovery
{
    public static (byte[] Hash, byte[] Signature) Prepare(SignedSnapshot snapshot)
    {
        var hash = new byte[32];
        Eip191.Hash(SnapshotCodec.SigningText(snapshot), hash);
        return (hash, Convert.FromHexString(snapshot.Body.Sig.AsSpan(2)));
    }

    public static void Run(ISignatureEngine engine, IReadOnlyList<(byte[] Hash, byte[] Signature)> all)
    {
        var next = -1;
        var threads = Enumerable.Range(0, Environment.ProcessorCount).Select(ordinal => new Thread(() =>
        {
            for (var i = Interlocked.Increment(ref next); i < all.Count; i = Interlocked.Increment(ref next))
            {
                if (!engine.TryRecover(all[i].Hash, all[i].Signature, out _))
                {
                    throw new InvalidOperationException("A signature that was just made does not recover.");
                }
            }
        })
        {
            Name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"bare {ordinal}"),
        }).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }
}
