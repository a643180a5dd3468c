using SwarmPool.Files;

namespace SwarmPool.Programs.Packages;

/// <summary>A new file that takes so many bytes and no more: what comes over a network ends when it likes.</summary>
internal sealed class BoundedFile(string path, long most) : FileStream(path, OwnFile.ToCreate())
{
    public override void Write(byte[] buffer, int offset, int count)
    {
        Check(count);
        base.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Check(buffer.Length);
        base.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Check(count);
        return base.WriteAsync(buffer, offset, count, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Check(buffer.Length);
        return base.WriteAsync(buffer, cancellationToken);
    }

    private void Check(int count)
    {
        if (Position + count > most)
        {
            throw new InvalidDataException($"it has more than {most} bytes.");
        }
    }
}
