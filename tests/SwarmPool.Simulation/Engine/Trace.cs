using System.Security.Cryptography;
using System.Text;

namespace SwarmPool.Simulation.Engine;

/// <summary>A hash over all that left a party, byte for byte and with its time: equal for equal runs.</summary>
internal sealed class Trace(Func<TimeSpan> now, int keep) : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Queue<string> last = new();

    public IEnumerable<string> Last => last;

    public void Add(string what, ReadOnlySpan<byte> bytes)
    {
        var line = $"{now().Ticks} {what} {bytes.Length}\n";
        hash.AppendData(Encoding.UTF8.GetBytes(line));
        hash.AppendData(bytes);
        if (keep > 0)
        {
            Note($"{what} {Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 4000)])}");
        }
    }

    public void Note(string line)
    {
        if (keep == 0)
        {
            return;
        }

        last.Enqueue($"{now():hh\\:mm\\:ss\\.fff} {line}");
        if (last.Count > keep)
        {
            last.Dequeue();
        }
    }

    public string Finish() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}
