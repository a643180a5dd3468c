using System.Buffers.Binary;
using System.Security.Cryptography;
using SwarmPool.Protocol.Snapshots;
using SwarmPool.Transport;

namespace SwarmPool.Runtime.Daemon.Ingress;

/// <summary>
/// Which messages were heard and charged to their name: whoever says one again, its sender or anybody who overheard it, pays for that as a
/// peer, and the name pays nothing. Only what a name signed and paid for is remembered, so nobody fills this for free. Each is remembered for
/// the whole time that its date is good for (twice <see cref="Freshness.WindowSeconds"/>), or for the next 1.5 million messages if that is less.
/// </summary>
/// <remarks>Thread-safe. At most 32 MiB: two generations of 8 bytes a place, which grow as they fill.</remarks>
internal sealed class KnownMessages(TimeProvider time, int most = KnownMessages.MostOfGeneration)
{
    /// <summary>Messages of a generation; when one is full the next begins, and the one before the last is forgotten.</summary>
    public const int MostOfGeneration = 3 << 19;

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2 * Freshness.WindowSeconds);

    // Nobody outside can know which messages meet in one place.
    private readonly ulong secret = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(8));
    private readonly Lock gate = new();
    private DigestSet now = new();
    private DigestSet before = new();
    private long begun = time.GetTimestamp();

    /// <summary>Bytes in use.</summary>
    public long Bytes
    {
        get
        {
            lock (gate)
            {
                return now.Bytes + before.Bytes;
            }
        }
    }

    /// <summary>Whether it was heard, and paid for by its name.</summary>
    public bool Contains(Cid message)
    {
        var digest = DigestOf(message);
        lock (gate)
        {
            return now.Contains(digest) || before.Contains(digest);
        }
    }

    /// <summary>Charges for a message once, however often and by however many workers it is heard at the same time. False when the name can't pay.</summary>
    public bool ChargeOnce(Cid message, Func<bool> charge)
    {
        var digest = DigestOf(message);
        lock (gate)
        {
            if (now.Contains(digest) || before.Contains(digest))
            {
                return true;
            }

            if (!charge())
            {
                return false; // Not remembered: what is said again when it was too much is no cheaper for that.
            }

            if (now.Count >= most || time.GetElapsedTime(begun) > Lifetime)
            {
                (before, now, begun) = (now, new DigestSet(), time.GetTimestamp());
            }

            now.Add(digest);
            return true;
        }
    }

    private ulong DigestOf(Cid message)
    {
        Span<byte> digest = stackalloc byte[32];
        message.CopyDigestTo(digest);
        var mixed = (BinaryPrimitives.ReadUInt64LittleEndian(digest) ^ secret) * (secret | 1);
        return mixed == 0 ? 1 : mixed; // 0 is an empty place.
    }

    /// <summary>Digests in places of 8 bytes, at most three quarters of them taken.</summary>
    private sealed class DigestSet
    {
        private ulong[] places = new ulong[4096];

        public int Count { get; private set; }

        public long Bytes => places.LongLength * sizeof(ulong);

        public bool Contains(ulong digest) => places[Find(places, digest)] == digest;

        public void Add(ulong digest)
        {
            if ((Count + 1) * 4L > places.Length * 3L)
            {
                var larger = new ulong[places.Length * 2];
                foreach (var known in places)
                {
                    if (known != 0)
                    {
                        larger[Find(larger, known)] = known;
                    }
                }

                places = larger;
            }

            places[Find(places, digest)] = digest;
            Count++;
        }

        // Where it is, or would be.
        private static int Find(ulong[] places, ulong digest)
        {
            var at = (int)(digest >> 40) & (places.Length - 1);
            while (places[at] != 0 && places[at] != digest)
            {
                at = (at + 1) & (places.Length - 1);
            }

            return at;
        }
    }
}
