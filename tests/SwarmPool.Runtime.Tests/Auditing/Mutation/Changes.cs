using SwarmPool.Core.Pool.Records;
using SwarmPool.Runtime.Tests.Support;
using SwarmPool.Snapshots;

namespace SwarmPool.Runtime.Tests.Auditing.Mutation;

/// <summary>A field becomes another; what the step is else is as the story goes by now.</summary>
internal sealed class FieldChange(PoolRecord was, PoolRecord isNow, bool isEvent) : IRecordChange
{
    public PoolRecord Before(PoolRecord record) => isEvent
        ? record
        : record with
        {
            At = isNow.At == was.At ? record.At : isNow.At,
            Sequence = record.Sequence + (isNow.Sequence - was.Sequence),
            Commit = record.Commit + (isNow.Commit - was.Commit),
            Input = ReferenceEquals(isNow.Input, was.Input) ? record.Input : isNow.Input,
            Facts = ReferenceEquals(isNow.Facts, was.Facts) ? record.Facts : isNow.Facts,
            Events = was.Events,
        };

    public PoolRecord After(PoolRecord record) => isEvent ? record with { Events = isNow.Events } : record;
}

/// <summary>The step is told whatever the rules make of it.</summary>
internal sealed class Repetition : IRecordChange
{
    public PoolRecord Before(PoolRecord record) => record;

    public PoolRecord After(PoolRecord record) => record;
}

/// <summary>An epoch is published otherwise.</summary>
internal sealed class EpochChange(long number, Func<EpochSnapshot, MemoryNet, EpochSnapshot> change) : IEpochChange
{
    public PoolRecord Before(PoolRecord record) => record;

    public PoolRecord After(PoolRecord record) => record;

    public Func<EpochSnapshot, MemoryNet, EpochSnapshot>? Of(long sealed_) => sealed_ == number ? change : null;
}
