namespace SwarmPool.Hostile.Tests.Floods;

/// <summary>What honest parties said, as anybody hears it who listens: a file that a flood reads, a topic and the bytes a line.</summary>
internal sealed class SaidFile(string path)
{
    public const string Name = "said";

    private readonly Lock gate = new();

    public void Append(string topic, ReadOnlyMemory<byte> bytes)
    {
        lock (gate)
        {
            File.AppendAllText(path, $"{topic} {Convert.ToBase64String(bytes.Span)}\n");
        }
    }

    /// <summary>All that was said until now, without a line that is being written.</summary>
    public IReadOnlyList<(string Topic, ReadOnlyMemory<byte> Bytes)> Read()
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var lines = reader.ReadToEnd().Split('\n');
        return [.. lines[..^1].Select(static line => line.Split(' ')).Select(static parts => (parts[0], (ReadOnlyMemory<byte>)Convert.FromBase64String(parts[1])))];
    }
}
