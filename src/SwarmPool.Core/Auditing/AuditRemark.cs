namespace SwarmPool.Core.Auditing;

/// <summary>Something that was the pool's to do or to say, and that a person should look at.</summary>
/// <param name="Kind">One of <see cref="AuditRemarkKinds"/>.</param>
/// <param name="Record">The sequence of the record that it is about; 0 where it is about no single one.</param>
/// <param name="What">What it is, for people.</param>
/// <param name="AtStakeMicroUsdc">The money that hangs on it, in micro-USDC; 0 where none does.</param>
public sealed record AuditRemark(string Kind, long Record, string What, long AtStakeMicroUsdc)
{
    /// <summary>One line: "record 7: …", or what it is alone.</summary>
    public override string ToString() => new AuditDifference(Record, What).ToString();
}

/// <summary>The kinds of remarks.</summary>
public static class AuditRemarkKinds
{
    /// <summary>A setting is another than before.</summary>
    public const string Setting = "setting";

    /// <summary>Operations are paid elsewhere than the settings recorded so far say.</summary>
    public const string Operations = "operations";

    /// <summary>Somebody is paid who neither mined nor is operations, and of whom it is not proved here that the settings declare it.</summary>
    public const string Payees = "payees";

    /// <summary>Epochs were settled by another policy than the one at hand, or by one that replaced the pool's.</summary>
    public const string Policy = "policy";

    /// <summary>An epoch was not settled again.</summary>
    public const string Split = "split";

    /// <summary>A replica was asked for that no client signed for.</summary>
    public const string Replica = "replica";

    /// <summary>Verdicts of a verifier that may ask for replicas, and did not.</summary>
    public const string Verdict = "verdict";

    /// <summary>Jobs were charged by what the pool counted.</summary>
    public const string Usage = "usage";

    /// <summary>A delegation can't be read.</summary>
    public const string Delegation = "delegation";

    /// <summary>A name, or a contract of its, does not say today what was recorded of it.</summary>
    public const string Name = "name";
}
