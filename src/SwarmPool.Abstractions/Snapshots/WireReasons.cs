namespace SwarmPool.Snapshots;

/// <summary>Why a job will not be done: <see cref="JobFailedItem.Reason"/>.</summary>
public static class JobFailReasons
{
    /// <summary>Its deadline passed.</summary>
    public const string Expired = "expired";

    /// <summary>It was tried as often as the pool tries a job.</summary>
    public const string MaxAttempts = "max_attempts";

    /// <summary>Its replicas did not agree.</summary>
    public const string NoAgreement = "no_agreement";
}

/// <summary>What stands behind a job's price: <see cref="JobNewItem.Funding"/>.</summary>
public static class JobFunding
{
    /// <summary>Nothing but the client's word: no money is held for it, and whether it is paid shows when it is paid.</summary>
    public const string Unfunded = "unfunded";
}

/// <summary>Why a lease ended without a proof: <see cref="ClaimTimeoutItem.Reason"/>, and what a release gives as its reason.</summary>
public static class LeaseEndReasons
{
    /// <summary>It ran out.</summary>
    public const string Timeout = "timeout";

    /// <summary>The miner stops.</summary>
    public const string Released = "released";

    /// <summary>The miner could not do the job.</summary>
    public const string Failed = "failed";
}
