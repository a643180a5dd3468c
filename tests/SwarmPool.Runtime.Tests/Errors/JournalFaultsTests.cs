using SwarmPool.Protocol.Errors;
using SwarmPool.Runtime.Errors;
using SwarmPool.State;

namespace SwarmPool.Runtime.Tests.Errors;

public sealed class JournalFaultsTests
{
    public static TheoryData<JournalFault> Faults() => [.. Enum.GetValues<JournalFault>()];

    /// <summary>Whoever reads a fault, at the start or when a daemon ends, is told the same code, and so the same advice.</summary>
    [Theory]
    [MemberData(nameof(Faults))]
    public void A_fault_has_one_code_wherever_it_is_told(JournalFault fault)
    {
        var thrown = new JournalException(fault, "why");
        var explained = JournalFaults.Explain(thrown);

        Assert.StartsWith("SP40", explained.Code, StringComparison.Ordinal);
        Assert.Equal([$"{explained.Code}: why"], StartupErrors.Describe(thrown));
        Assert.Equal([$"{explained.Code}: why"], StartupErrors.Describe(explained));
    }

    /// <summary>The journal is whole and refused a batch: that is no reason to restore a copy of it.</summary>
    [Fact]
    public void A_batch_that_does_not_follow_is_a_failed_append() =>
        Assert.Equal(ErrorCodes.JournalAppendFailed, JournalFaults.CodeOf(JournalFault.NotNext));

    [Fact]
    public void A_fault_that_nobody_knows_is_not_guessed() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => JournalFaults.CodeOf((JournalFault)99));
}
