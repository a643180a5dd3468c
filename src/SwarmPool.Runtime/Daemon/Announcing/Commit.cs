namespace SwarmPool.Runtime.Daemon.Announcing;

/// <summary>What became durable in one step.</summary>
internal sealed record Commit(long FromSequence, long ToSequence, ReadOnlyMemory<byte> Head, long At, AnnouncementBatch Announcements);
